import { RelaylogError } from '../log/errors.ts';

/** How long a search may take before it returns what it has found, in milliseconds. */
export interface SearchLimits {
  /** The whole search, as one query. */
  readonly attemptMs: number;
  /** After that, one slice of it. */
  readonly sliceMs: number;
  /** All slices. The first one is always read to its end. */
  readonly slicesMs: number;
}

export const SEARCH_LIMITS: SearchLimits = { attemptMs: 1_500, sliceMs: 500, slicesMs: 1_000 };

/** Whether a read exceeded its time limit. */
export function isTimeout(error: unknown): boolean {
  return error instanceof RelaylogError && error.code === 'QUERY_TIMEOUT';
}
