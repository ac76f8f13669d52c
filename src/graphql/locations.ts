import type { ASTNode, GraphQLError, SourceLocation } from 'graphql';

const LOCATION = Symbol('location');
type Located = { [LOCATION]?: SourceLocation };

/**
 * Keeps the line and column of a node in place of its `loc`, from which graphql-js would count the lines of the text anew
 * for each error; an answer may have thousands of errors.
 */
export function keepLocation(node: ASTNode & Located): void {
  const { loc } = node;
  if (loc === undefined) return;
  const { line, column } = loc.startToken;
  node[LOCATION] = { line, column };
  Reflect.set(node, 'loc', undefined);
}

/** The same error, with the locations of its nodes. */
export function withLocations(error: GraphQLError): GraphQLError {
  const locations = (error.nodes ?? []).flatMap((node: ASTNode & Located) => node[LOCATION] ?? []);
  return locations.length === 0 ? error : Object.assign(error, { locations });
}
