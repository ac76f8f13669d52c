import type { LogQuery } from '../log/query.ts';
import type { PagePlan } from './access-path.ts';

/** The maximum number of rows that a query of one page reads. */
export const PAGE_ROWS = 1_000;

/**
 * Returns whether the index alone selects and orders the rows, and at most `PAGE_ROWS` of them are read. Any other query is
 * a search.
 */
export function isOnePage(query: LogQuery, { streams, residual, isOrdered }: PagePlan): boolean {
  if (residual.op === 'false') return true;
  if (residual.op !== 'true' || !isOrdered) return false;
  const count =
    streams === null ? 1 : 'values' in streams ? streams.values.length : streams.to - streams.from + 1;
  return count * query.limit <= PAGE_ROWS;
}
