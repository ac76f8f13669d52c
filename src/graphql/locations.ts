import type { ASTNode, GraphQLError, SourceLocation } from 'graphql';

const LOCATION = Symbol('location');
type Located = { [LOCATION]?: SourceLocation };

/**
 * Replaces the `loc` of a node by its line and column. With `loc`, graphql-js counts the lines of the text again for each
 * error, and a response can have thousands of errors.
 */
export function keepLocation(node: ASTNode & Located): void {
  const { loc } = node;
  if (loc === undefined) return;
  const { line, column } = loc.startToken;
  node[LOCATION] = { line, column };
  Reflect.set(node, 'loc', undefined);
}

/** Sets the locations of an error from its nodes. Returns the error. */
export function withLocations(error: GraphQLError): GraphQLError {
  const locations = (error.nodes ?? []).flatMap((node: ASTNode & Located) => node[LOCATION] ?? []);
  return locations.length === 0 ? error : Object.assign(error, { locations });
}
