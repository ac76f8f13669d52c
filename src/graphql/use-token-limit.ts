import type { Plugin } from 'graphql-yoga';

/** More than any honest operation has; what is checked of an operation may recurse as deeply as it is long. */
const MAX_TOKENS = 10_000;

/** Refuses an operation of more tokens than that, before it is parsed to its end. */
export function useTokenLimit(): Plugin {
  return {
    onParse({ parseFn, setParseFn }) {
      setParseFn((source, options) => parseFn(source, { ...options, maxLexicalTokens: MAX_TOKENS }));
    },
  };
}
