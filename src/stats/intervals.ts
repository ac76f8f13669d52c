import { formatRfc3339 } from '../lib/date-time.ts';
import { HOUR_MS, MINUTE_MS } from '../lib/time-units.ts';
import { badInput } from '../log/errors.ts';
import { calendarStarts, clockStarts } from './bucket-starts.ts';
import { STATS_LIMITS } from './limits.ts';

/** The starts of buckets in ascending order, as in `bucket-starts.ts`. */
type Starts = (time: number, zone: string) => Iterable<number>;

/** Every interval by its name, declared once, from short to long. */
const INTERVALS = {
  MINUTE: byClock(MINUTE_MS),
  FIVE_MINUTES: byClock(5 * MINUTE_MS),
  FIFTEEN_MINUTES: byClock(15 * MINUTE_MS),
  HOUR: byClock(HOUR_MS),
  DAY: byCalendar('days'),
  WEEK: byCalendar('weeks'),
  MONTH: byCalendar('months'),
} as const satisfies Readonly<Record<string, Starts>>;

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

/** Null if there are more buckets than the limit. */
function bucketsWithin(
  { from, to }: TimeRange,
  interval: IntervalName,
  zone: string,
  limit: number,
): TimeRange[] | null {
  const first = Math.floor(from);
  const buckets: TimeRange[] = [];
  let start = Number.NaN;
  for (const next of INTERVALS[interval](first, zone)) {
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

function byClock(size: number): Starts {
  return (time, zone) => clockStarts(time, size, zone);
}

function byCalendar(unit: 'days' | 'weeks' | 'months'): Starts {
  return (time, zone) => calendarStarts(time, unit, zone);
}
