import type { DocumentNode } from 'graphql';
import type { Charge } from '../limits/charge.ts';
import type { QueryLimits } from './limits.ts';

/** The prices of reading a request. An operation pays this or the cost of its fields, whichever is higher; a rejected request pays this. Each request pays at least `API_RATES.graphql.minCost`. */
const READING = {
  /** Values in the variables that are free, so that the largest filter is below the default limit of a query. */
  freeValues: 100,
  /** An object in the variables. Coercion looks up each field of its type. */
  object: 5,
  bytesOfUnit: 32,
  /** Usual length of a token with the blank after it. */
  charactersOfToken: 4,
  /** Up to this cost a request is read before it pays: a payment can take a call of the store. */
  paidAfterwards: 100,
} as const;

/**
 * Charges what it costs to read a request, at most what a query may cost: at once, or, if it is little, with the next payment.
 *
 * @throws RelaylogError RATE_LIMITED
 */
export async function payForReading(
  cost: number,
  { maxCost }: Pick<QueryLimits, 'maxCost'>,
  charge: Pick<Charge, 'pay' | 'raiseMinimum'>,
): Promise<void> {
  const due = Math.min(cost, maxCost);
  charge.raiseMinimum(due);
  if (due > READING.paidAfterwards) await charge.pay(due);
}

/** The cost of a body by its size, charged before it is parsed. */
export function bytesCost(bytes: number): number {
  return Math.ceil(bytes / READING.bytesOfUnit);
}

/** The cost of reading a parsed request, charged before it is validated: 1 for each token of the query and each value in the variables after the free ones. */
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
  return tokens + Math.max(0, valuesIn(variables) - READING.freeValues);
}

/** Counts a JSON value and the values in it. */
function valuesIn(json: unknown): number {
  if (typeof json !== 'object' || json === null) return json === undefined ? 0 : 1;
  let count = Array.isArray(json) ? 1 : READING.object;
  for (const value of Object.values(json)) count += valuesIn(value);
  return count;
}
