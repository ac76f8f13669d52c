import { allOf, type Filter } from '../log/filter.ts';
import type { LogScope } from '../log/query.ts';
import type { TimeRange } from '../stats/intervals.ts';
import type { Condition } from './condition.ts';
import { conditionsOf, firstInteger, lastInteger } from './key-bounds.ts';

/** The end of the times that a log can have. */
const END_OF_TIME = 2 ** 48;

/** The logs that match a filter: those within a range of time that meet a condition. */
export interface TimeWindow extends TimeRange {
  /** The filter without its top-level conditions on `createdAt`. */
  readonly condition: Condition;
}

/**
 * Divides a filter into the range of time in which logs can match, which is what its conditions on `createdAt` and the retention
 * window leave, and the other conditions. Conditions below `or` and `not` do not limit the range. In whole Unix milliseconds;
 * empty if `to` is not after `from`.
 */
export function timeWindow(scope: LogScope, filter: Filter): TimeWindow {
  const { lower, upper, rest } = conditionsOf(scope, filter, 'createdAt');
  const from = firstInteger(lower, 0);
  const to = lastInteger(upper, END_OF_TIME - 1) + 1;
  return { from: Math.max(0, from), to: Math.min(END_OF_TIME, to), condition: rest };
}

/** Matches the logs within a range of time. A bound that every log meets is left out. */
export function withinTime({ from, to }: TimeRange): Filter {
  return allOf([
    ...(from > 0 ? [{ op: 'gte', field: 'createdAt', value: from } as const] : []),
    ...(to < END_OF_TIME ? [{ op: 'lt', field: 'createdAt', value: to } as const] : []),
  ]);
}
