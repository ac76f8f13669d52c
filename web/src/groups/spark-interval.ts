import type { TimeInterval } from '../__generated__/groupChartsQuery.graphql';
import { BUCKET_LENGTHS, BUCKET_MS } from '../time/bucket-length.ts';
import type { Interval } from '../time/time-range.ts';

/** A statistic of 50 groups may have 10,000 buckets. */
const MOST_BUCKETS = 190;

/**
 * The lengths of buckets to ask for, one after the other until one does not cost too much: the shortest of which the range has few
 * enough for the sparklines of 50 groups, and a day if that is longer.
 */
export function sparkIntervals({ from, to }: Interval): readonly TimeInterval[] {
  const isFew = (length: TimeInterval) => (to - from) / BUCKET_MS[length] <= MOST_BUCKETS;
  const shortest = BUCKET_LENGTHS.find(isFew) ?? 'MONTH';
  return BUCKET_MS[shortest] < BUCKET_MS.DAY ? [shortest, 'DAY'] : [shortest];
}
