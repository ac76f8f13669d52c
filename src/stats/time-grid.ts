import type { TimeRange } from './intervals.ts';

/** Divides a range of time into intervals of equal length; the first one begins at `from`. In milliseconds. */
export interface TimeGrid extends TimeRange {
  readonly length: number;
}

/**
 * The longest intervals of which each bucket is a whole number: an hour for the days of a year in a zone with daylight saving.
 * A store can then count logs by arithmetic, whatever the buckets are.
 *
 * @param buckets in ascending order, each beginning where the one before ends; at least one. Whole Unix milliseconds.
 */
export function timeGrid(buckets: readonly TimeRange[]): TimeGrid {
  const [{ from }, { to }] = [buckets[0]!, buckets.at(-1)!];
  return {
    from,
    to,
    length: buckets.reduce((length, bucket) => commonDivisor(bucket.to - bucket.from, length), 0),
  };
}

/** The greatest common divisor of two numbers that are not both 0. */
function commonDivisor(a: number, b: number): number {
  return b === 0 ? a : commonDivisor(b, a % b);
}
