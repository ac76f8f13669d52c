import type { LogQuery } from '../log/query.ts';
import type { PagePlan } from './access-path.ts';

/** The maximum number of rows that a query of one page reads. */
export const PAGE_ROWS = 1_000;

/**
 * Returns whether the index alone selects and orders the rows, and at most `PAGE_ROWS` of them are read. Any other query is
 * a search.
 *
 * @param rowsOf the most rows that the store reads to merge streams into a page.
 */
export function isOnePage(
  { limit }: Pick<LogQuery, 'limit'>,
  { streams, residual, isOrdered }: Pick<PagePlan, 'streams' | 'residual' | 'isOrdered'>,
  rowsOf: (streams: number, limit: number) => number,
): boolean {
  if (residual.op === 'false') return true;
  if (residual.op !== 'true' || !isOrdered) return false;
  const count = streams.reduce(
    (product, key) => product * ('values' in key ? key.values.length : Math.max(0, key.to - key.from + 1)),
    1,
  );
  return rowsOf(count, limit) <= PAGE_ROWS;
}
