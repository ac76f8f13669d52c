import type { Filter } from '../log/filter.ts';
import type { LogScope } from '../log/query.ts';
import type { TimeRange } from '../stats/intervals.ts';
import { planFilter } from './access-path.ts';

/** The last time that a log can have, plus 1. */
const END_OF_TIME = 2 ** 48;

/**
 * The range of time in which logs can match: what the filter's conditions on `createdAt` and the retention window leave. Conditions
 * below `or` and `not` do not count. In whole Unix milliseconds; empty if `to` is not after `from`.
 */
export function timeWindow(scope: LogScope, filter: Filter): TimeRange {
  const { lower, upper } = planFilter(scope, filter);
  return {
    from:
      lower === null
        ? 0
        : Math.max(0, lower.inclusive ? Math.ceil(lower.value) : Math.floor(lower.value) + 1),
    to:
      upper === null
        ? END_OF_TIME
        : Math.min(END_OF_TIME, upper.inclusive ? Math.floor(upper.value) + 1 : Math.ceil(upper.value)),
  };
}
