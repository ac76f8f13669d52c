import { EARLIEST } from '../time/read-time.ts';
import type { Interval } from '../time/time-range.ts';
import type { Bar } from './bars.ts';

/** The range of the same length that ends where this one begins. */
export const periodBefore = ({ from, to }: Interval): Interval => ({
  from: Math.max(EARLIEST, from - (to - from)),
  to: from,
});

/** Requests of a bucket of the period before. Unix milliseconds. */
export interface CountBucket {
  readonly from: number;
  readonly to: number;
  readonly count: number;
}

/**
 * For each bar the number of requests one period earlier; null where there is no such bucket.
 *
 * @param before buckets in the order of time.
 * @param shiftMs length of the period.
 */
export function countsBefore(
  bars: readonly Bar[],
  before: readonly CountBucket[],
  shiftMs: number,
): readonly (number | null)[] {
  return bars.map(({ from, to }) => {
    const middle = (from + to) / 2 - shiftMs;
    return before.find((bucket) => bucket.from <= middle && middle < bucket.to)?.count ?? null;
  });
}

/** The change as a share of the value before, such as 0.5 for half more; null if there was nothing before. */
export function relativeChange(now: number | null, before: number | null): number | null {
  return now === null || before === null || before === 0 ? null : (now - before) / before;
}
