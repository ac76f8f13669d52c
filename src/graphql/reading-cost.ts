import type { DocumentNode } from 'graphql';
import type { QueryLimits } from './limits.ts';

/** The prices of reading a request. An operation pays this or the cost of its fields, whichever is higher; a rejected request pays this. Each request pays at least `API_RATES.graphql.minCost`. */
const READING = {
  /** Tokens and values that are free: reading them takes less time than receiving the request. */
  freeWords: 100,
  /** An object in the variables. Coercion looks up each field of its type. */
  object: 5,
  freeBytes: 8_192,
  bytesOfUnit: 32,
  /** Usual length of a token with the blank after it. */
  charactersOfToken: 4,
} as const;

/** The cost of a body by its size, charged before it is parsed. */
export function bytesCost(bytes: number): number {
  return Math.max(0, Math.ceil((bytes - READING.freeBytes) / READING.bytesOfUnit));
}

/** The cost of reading a parsed request, charged before it is validated: 1 for each token of the query and each value in the variables. */
export function documentCost({ tokenCount = 0 }: DocumentNode, variables: unknown): number {
  return costOf(tokenCount, variables);
}

/** An estimate of `documentCost` for a text that does not parse; at most what a query may cost, so that the client sees the syntax error. */
export function unparsedCost(
  text: string,
  { maxTokens, maxCost }: Pick<QueryLimits, 'maxTokens' | 'maxCost'>,
  variables: unknown,
): number {
  const tokens = Math.min(maxTokens, Math.ceil(text.length / READING.charactersOfToken));
  return Math.min(maxCost, costOf(tokens, variables));
}

function costOf(tokens: number, variables: unknown): number {
  return Math.max(0, tokens + valuesIn(variables) - READING.freeWords);
}

/** Counts a JSON value and the values in it. */
function valuesIn(json: unknown): number {
  if (typeof json !== 'object' || json === null) return json === undefined ? 0 : 1;
  let count = Array.isArray(json) ? 1 : READING.object;
  for (const value of Object.values(json)) count += valuesIn(value);
  return count;
}
