import { type GraphQLObjectType, responsePathAsArray } from 'graphql';
import type { Scope } from '../access/scopes.ts';
import { requireScope } from '../access/viewer.ts';
import type { RelaylogError } from '../log/errors.ts';
import type { Context } from './context.ts';
import { fieldError } from './errors.ts';

/**
 * Checks the scope of fields before the scope plugin does, and throws the error that the client receives. A response can
 * have thousands of these errors, and graphql-js and Yoga would construct three for each.
 */
export function refuseQuickly(type: GraphQLObjectType, fields: readonly string[], scope: Scope): void {
  for (const name of fields) {
    const field = type.getFields()[name]!;
    const resolve = field.resolve!;
    field.resolve = (source, args, context: Context, info) => {
      try {
        requireScope(context.viewer, scope);
      } catch (error) {
        const { fieldNodes: nodes, path } = info;
        throw fieldError(error as RelaylogError, { nodes, path: responsePathAsArray(path) });
      }
      return resolve(source, args, context, info);
    };
  }
}
