import type { GraphQLError } from 'graphql';
import type { Plugin } from 'graphql-yoga';

/** Yoga plugin that gives the errors that Yoga itself reports before execution one of Relaylog's error codes. */
export function useErrorCodes(toClientError: (error: unknown) => GraphQLError): Plugin {
  return {
    onResultProcess({ result, setResult }) {
      if (Array.isArray(result) || !('errors' in result) || result.errors === undefined) return;
      setResult({ ...result, errors: result.errors.map(toClientError) });
    },
  };
}
