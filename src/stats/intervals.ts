import { formatRfc3339 } from '../lib/date-time.ts';
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../lib/time-units.ts';
import { badInput } from '../log/errors.ts';
import { calendarStarts, clockStarts } from './bucket-starts.ts';
import { STATS_LIMITS } from './limits.ts';

/** The starts of buckets in ascending order, as in `bucket-starts.ts`. */
type Starts = (time: number, zone: string) => Iterable<number>;

interface Interval {
  readonly starts: Starts;
  /** Usual length of a bucket in milliseconds. None is twice as long, and only those at a change of the clock are shorter. */
  readonly length: number;
}

/** Every interval by its name, declared once, from short to long. */
const INTERVALS = {
  MINUTE: byClock(MINUTE_MS),
  FIVE_MINUTES: byClock(5 * MINUTE_MS),
  FIFTEEN_MINUTES: byClock(15 * MINUTE_MS),
  HOUR: byClock(HOUR_MS),
  DAY: byCalendar('days', DAY_MS),
  WEEK: byCalendar('weeks', 7 * DAY_MS),
  MONTH: byCalendar('months', 28 * DAY_MS),
} as const satisfies Readonly<Record<string, Interval>>;

export type IntervalName = keyof typeof INTERVALS;
export const INTERVAL_NAMES = Object.keys(INTERVALS) as readonly IntervalName[];

/** A range of time in Unix milliseconds; `to` is exclusive. */
export interface TimeRange {
  readonly from: number;
  readonly to: number;
}

/**
 * Divides a range into buckets, which cover it without a gap: the first and the last may extend beyond it.
 *
 * @param range `from` is before `to`; fractions of milliseconds are accepted.
 * @param zone a name that `timeZoneOf` returned.
 * @param groups number of groups that are each divided into these buckets, 1 or more.
 * @throws RelaylogError BAD_USER_INPUT if there are too many buckets; it names the next interval that fits.
 */
export function bucketsOf(
  range: TimeRange,
  interval: IntervalName,
  zone: string,
  groups: number,
): TimeRange[] {
  const limit = Math.min(STATS_LIMITS.buckets, Math.floor(STATS_LIMITS.groupBuckets / groups));
  const buckets = bucketsWithin(range, interval, zone, limit);
  if (buckets !== null) return buckets;
  const longer = INTERVAL_NAMES.slice(INTERVAL_NAMES.indexOf(interval) + 1);
  const fitting = longer.find((name) => bucketsWithin(range, name, zone, limit) !== null);
  throw badInput(
    `From ${formatRfc3339(range.from)} to ${formatRfc3339(range.to)}, the interval ${interval} makes more than ${limit} ` +
      `buckets${groups === 1 ? '' : ` for each of ${groups} groups`}: use ` +
      `${fitting === undefined ? '' : `the interval ${fitting} or `}a shorter range.`,
  );
}

/**
 * About the number of buckets that a range is divided into, without computing them; at most one above `STATS_LIMITS.buckets`.
 * 0 if the range is empty.
 */
export function estimatedBuckets({ from, to }: TimeRange, interval: IntervalName): number {
  if (!(from < to)) return 0;
  return Math.min(STATS_LIMITS.buckets, Math.ceil((to - from) / INTERVALS[interval].length)) + 1;
}

/** Null if there are more buckets than the limit. */
function bucketsWithin(
  { from, to }: TimeRange,
  interval: IntervalName,
  zone: string,
  limit: number,
): TimeRange[] | null {
  const { starts, length } = INTERVALS[interval];
  if (to - from > 2 * length * limit) return null;
  const first = Math.floor(from);
  const buckets: TimeRange[] = [];
  let start = Number.NaN;
  for (const next of starts(first, zone)) {
    // Starts that are not later than the one before are those of skipped dates.
    if (next > first && next > start) {
      if (buckets.length === limit) return null;
      buckets.push({ from: start, to: next });
    }
    if (next >= to) break;
    start = next;
  }
  return buckets;
}

function byClock(length: number): Interval {
  return { starts: (time, zone) => clockStarts(time, length, zone), length };
}

function byCalendar(unit: 'days' | 'weeks' | 'months', length: number): Interval {
  return { starts: (time, zone) => calendarStarts(time, unit, zone), length };
}
