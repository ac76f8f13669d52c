import { type DocumentNode, GraphQLError, Kind, type ParseOptions, parse, type Source, visit } from 'graphql';
import type { QueryLimits } from './limits.ts';

type SyntaxLimits = Pick<QueryLimits, 'maxTokens' | 'maxAliases' | 'maxDirectives'>;

/**
 * Parses a query and enforces the limits on tokens, comments, aliases and directives. This bounds the work of validation,
 * which runs afterwards.
 *
 * @throws GraphQLError if the query has a syntax error or exceeds a limit; the message states the limit.
 */
export function parseWithin(
  { maxTokens, maxAliases, maxDirectives }: SyntaxLimits,
  source: string | Source,
  options: ParseOptions = {},
): DocumentNode {
  const document = parse(source, { ...options, maxLexicalTokens: maxTokens, maxComments: maxTokens });
  const { aliases, directives } = countNodes(document);
  if (aliases > maxAliases) throw tooMany('aliases', aliases, maxAliases);
  if (directives > maxDirectives) throw tooMany('directives', directives, maxDirectives);
  return document;
}

function countNodes(document: DocumentNode) {
  let [aliases, directives] = [0, 0];
  visit(document, {
    enter(node) {
      if (node.kind === Kind.FIELD && node.alias !== undefined) aliases++;
      if (node.kind === Kind.DIRECTIVE) directives++;
    },
  });
  return { aliases, directives };
}

function tooMany(what: string, found: number, limit: number): GraphQLError {
  return new GraphQLError(`The query has ${found} ${what}; at most ${limit} are accepted.`);
}
