import type { GraphQLError } from 'graphql';
import type { Plugin } from 'graphql-yoga';

/** Mistakes that Yoga finds by itself, before anything is executed, get one of our codes too. */
export function useOwnCodes(toClientError: (error: unknown) => GraphQLError): Plugin {
  return {
    onResultProcess({ result, setResult }) {
      if (Array.isArray(result) || !('errors' in result) || result.errors === undefined) return;
      setResult({ ...result, errors: result.errors.map(toClientError) });
    },
  };
}
