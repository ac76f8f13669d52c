import type { Interval } from '../time/time-range.ts';
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../time/units.ts';

/** A statistic of 50 groups may have 10,000 buckets. */
const MOST_BUCKETS = 190;

const LENGTHS = [
  ['MINUTE', MINUTE_MS],
  ['FIVE_MINUTES', 5 * MINUTE_MS],
  ['FIFTEEN_MINUTES', 15 * MINUTE_MS],
  ['HOUR', HOUR_MS],
  ['DAY', DAY_MS],
  ['WEEK', 7 * DAY_MS],
] as const;

/** The shortest length of buckets of which the range has few enough for the sparklines of 50 groups. */
export function sparkInterval({ from, to }: Interval) {
  return (LENGTHS.find(([, length]) => (to - from) / length <= MOST_BUCKETS) ?? (['MONTH'] as const))[0];
}
