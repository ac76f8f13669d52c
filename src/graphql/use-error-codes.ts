import type { GraphQLError } from 'graphql';
import type { Plugin } from 'graphql-yoga';

/** Gives mistakes in a query a code of ours, as every other error has. @param told gives the error that the client sees. */
export function useErrorCodes(told: (error: unknown) => GraphQLError): Plugin {
  return {
    onValidate() {
      return ({ valid, result, setResult }) => {
        if (!valid) setResult(result.map(told));
      };
    },
  };
}
