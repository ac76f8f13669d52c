import type { LogQuery } from '../log/query.ts';
import type { Plan } from './access-path.ts';

/** More rows than this are no page. */
const PAGE_ROWS = 1_000;

/** Whether the index alone decides which rows are read, and they are few: anything else is a search. */
export function isOnePage(query: LogQuery, { streams, residual }: Plan): boolean {
  if (residual.op !== 'true') return residual.op === 'false';
  const count =
    streams === null ? 1 : 'values' in streams ? streams.values.length : streams.to - streams.from + 1;
  return count * query.limit <= PAGE_ROWS;
}
