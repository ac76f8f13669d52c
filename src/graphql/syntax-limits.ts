import {
  type ASTNode,
  type DocumentNode,
  GraphQLError,
  Kind,
  type ParseOptions,
  parse,
  type Source,
  visit,
} from 'graphql';
import { type QueryLimits, VALIDATION_LIMITS } from './limits.ts';
import { keepLocation } from './locations.ts';

type SyntaxLimits = Pick<QueryLimits, 'maxTokens' | 'maxAliases' | 'maxDirectives'>;

/**
/**
 * Parses a query and enforces the limits on tokens, comments, aliases, directives, operations, strings and names. This
 * bounds the work of validation, which runs afterwards. A name is repeated in each row of a response and in each error.
 *
 * @throws GraphQLError if the query has a syntax error or exceeds a limit; the message states the limit.
 */
export function parseWithin(
  { maxTokens, maxAliases, maxDirectives }: SyntaxLimits,
  source: string | Source,
  options: ParseOptions = {},
): DocumentNode {
  const document = parse(source, { ...options, maxLexicalTokens: maxTokens, maxComments: maxTokens });
  const { aliases, directives, operations, stringLength } = countNodes(document);
  if (aliases > maxAliases) throw tooMany('aliases', aliases, maxAliases);
  if (directives > maxDirectives) throw tooMany('directives', directives, maxDirectives);
  if (operations > VALIDATION_LIMITS.operations) {
    throw tooMany('operations', operations, VALIDATION_LIMITS.operations);
  }
  if (stringLength > VALIDATION_LIMITS.stringLength) {
    throw new GraphQLError(
      `The strings in the query have ${stringLength} characters; at most ${VALIDATION_LIMITS.stringLength} are accepted. Send long ones as variables.`,
    );
  }
  return document;
}

function countNodes(document: DocumentNode) {
  let [aliases, directives, operations, stringLength] = [0, 0, 0, 0];
  visit(document, {
    enter(node: ASTNode) {
      if (node.kind === Kind.STRING) stringLength += node.value.length;
      if (node.kind === Kind.NAME) requireShort(node.value);
      if (node.kind === Kind.FIELD && node.alias !== undefined) aliases++;
      if (node.kind === Kind.DIRECTIVE) directives++;
      if (node.kind === Kind.OPERATION_DEFINITION) operations++;
      keepLocation(node);
    },
  });
  return { aliases, directives, operations, stringLength };
}

function requireShort({ length }: string): void {
  const { nameLength } = VALIDATION_LIMITS;
  if (length <= nameLength) return;
  throw new GraphQLError(`The query has a name of ${length} characters; at most ${nameLength} are accepted.`);
}

function tooMany(what: string, found: number, limit: number): GraphQLError {
  return new GraphQLError(`The query has ${found} ${what}; at most ${limit} are accepted.`);
}
