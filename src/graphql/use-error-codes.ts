import type { GraphQLError } from 'graphql';
import type { Plugin } from 'graphql-yoga';

/**
 * Yoga plugin that gives the errors that Yoga itself reports before execution one of Relaylog's error codes. It serializes
 * the errors itself and leaves Yoga one for each HTTP status: Yoga would construct each again, with its location.
 */
export function useErrorCodes(toClientError: (error: unknown) => GraphQLError): Plugin {
  return {
    onResultProcess({ result, setResult }) {
      if (Array.isArray(result) || !('errors' in result) || result.errors === undefined) return;
      const errors = result.errors.map(toClientError);
      const answer = { ...result, errors: errors.map(shown) };
      const byStatus = new Map(errors.map((error) => [JSON.stringify(error.extensions.http), error]));
      const stringify = () => JSON.stringify(answer);
      setResult({ ...result, errors: [...byStatus.values()], stringify } as typeof result);
    },
  };
}

/** What the client sees of an error. */
function shown({ message, locations, path, extensions }: GraphQLError): object {
  const { http: _, ...seen } = extensions;
  return { message, locations, path, extensions: seen };
}
