import type { DocumentNode } from 'graphql';
import type { QueryLimits } from './limits.ts';

/**
 * What a request costs before any of it is executed. An operation pays this or what its fields cost, whichever is more;
 * a request that is refused pays this. A unit is worth about a microsecond of the main thread for bytes, and three for
 * tokens and values: `docs/decisions/query-cost.md` has the measurements.
 */
const READING = {
  /** A request with no more tokens and values than these costs less to read than to receive. */
  freeWords: 100,
  /** An object of the variables: each field that its type has is looked for. */
  object: 5,
  freeBytes: 8_192,
  bytesOfUnit: 32,
  /** Of a query that somebody wrote, with its blanks. */
  charactersOfToken: 4,
} as const;

/** What the bytes of a body cost, paid before they are parsed. */
export function bytesCost(bytes: number): number {
  return Math.max(0, Math.ceil((bytes - READING.freeBytes) / READING.bytesOfUnit));
}

/** What a parsed request costs, paid before it is validated: 1 for each token of the query and each value of the variables. */
export function documentCost({ tokenCount = 0 }: DocumentNode, variables: unknown): number {
  return costOf(tokenCount, variables);
}

/** As `documentCost` is at most, of a text that does not parse: it was read up to its mistake, or up to the limit of tokens. */
export function unparsedCost(
  text: string,
  { maxTokens }: Pick<QueryLimits, 'maxTokens'>,
  variables: unknown,
): number {
  return costOf(Math.min(maxTokens, Math.ceil(text.length / READING.charactersOfToken)), variables);
}

function costOf(tokens: number, variables: unknown): number {
  return Math.max(0, tokens + valuesIn(variables) - READING.freeWords);
}

/** The values in a JSON value, itself among them. */
function valuesIn(json: unknown): number {
  if (typeof json !== 'object' || json === null) return json === undefined ? 0 : 1;
  let count = Array.isArray(json) ? 1 : READING.object;
  for (const value of Object.values(json)) count += valuesIn(value);
  return count;
}
