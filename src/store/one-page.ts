import type { LogQuery } from '../log/query.ts';
import type { PagePlan } from './access-path.ts';

/** More rows than this are no page. */
export const PAGE_ROWS = 1_000;

/** Whether the index alone decides which rows are read, in order, and they are few: anything else is a search. */
export function isOnePage(query: LogQuery, { streams, residual, isOrdered }: PagePlan): boolean {
  if (residual.op === 'false') return true;
  if (residual.op !== 'true' || !isOrdered) return false;
  const count =
    streams === null ? 1 : 'values' in streams ? streams.values.length : streams.to - streams.from + 1;
  return count * query.limit <= PAGE_ROWS;
}
