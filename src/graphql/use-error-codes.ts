import { GraphQLError } from 'graphql';
import type { Plugin } from 'graphql-yoga';

/**
 * Yoga plugin that gives the errors that Yoga itself reports before execution one of Relaylog's error codes. It serializes
 * the errors itself and leaves Yoga one for each HTTP status: Yoga would construct each again, with its location. If a part
 * of the operation was answered, the status is 200, whatever failed beside it.
 */
export function useErrorCodes(toClientError: (error: unknown) => GraphQLError): Plugin {
  return {
    onResultProcess({ result, setResult }) {
      if (Array.isArray(result) || !('errors' in result) || result.errors === undefined) return;
      const errors = result.errors.map(toClientError);
      const answer = { ...result, errors: errors.map(shown) };
      const stringify = () => JSON.stringify(answer);
      const byStatus = new Map(errors.map((error) => [JSON.stringify(error.extensions.http), error]));
      const deciding = isAnswered(result.data, errors) ? [PARTIAL] : [...byStatus.values()];
      setResult({ ...result, errors: deciding, stringify } as typeof result);
    },
  };
}

/** Stands for all errors of an operation that was answered in part: it has no status of its own. */
const PARTIAL = new GraphQLError('');

/** Whether at least one field of the operation itself has not failed. */
function isAnswered(data: unknown, errors: readonly GraphQLError[]): boolean {
  if (typeof data !== 'object' || data === null) return false;
  const failed = new Set(errors.map(({ path }) => path?.[0]));
  return Object.entries(data).some(([name, value]) => value !== null || !failed.has(name));
}

/** What the client sees of an error. */
function shown({ message, locations, path, extensions }: GraphQLError): object {
  const { http: _, ...seen } = extensions;
  return { message, locations, path, extensions: seen };
}
