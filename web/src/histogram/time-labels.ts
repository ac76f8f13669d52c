import type { TimeInterval } from '../__generated__/useHistogramQuery.graphql';
import { DAY_MS, MINUTE_MS } from '../time/units.ts';

const DAY = { day: 'numeric', month: 'short' } as const;
const TIME = { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' } as const;
const DAYS = new Set<TimeInterval>(['DAY', 'WEEK', 'MONTH']);

const formatIn = (timeZone: string, options: Intl.DateTimeFormatOptions) =>
  new Intl.DateTimeFormat('en-GB', { timeZone, ...options });

/** Labels of an axis: times of the day to the minute, and the date where a day begins. @param stepMs distance of two labels. */
export function axisLabels(times: readonly number[], stepMs: number, zone: string): string[] {
  const days = formatIn(zone, stepMs > 27 * DAY_MS ? { month: 'short', year: 'numeric' } : DAY);
  const hours = formatIn(zone, TIME);
  return times.map((time) => {
    if (time % MINUTE_MS !== 0) return '';
    const hour = hours.format(time);
    return stepMs >= DAY_MS || hour === '00:00' ? days.format(time) : hour;
  });
}

/** Formats the range of a bucket, such as `Sat 28 Nov, 14:00 – 15:00`. Times are Unix milliseconds. */
export function bucketFormat(interval: TimeInterval, zone: string): (from: number, to: number) => string {
  const isDays = DAYS.has(interval);
  const format = formatIn(zone, { weekday: 'short', ...DAY, ...(!isDays && TIME) });
  // A range of days names its last day, not the one at which it ends.
  return (from, to) => format.formatRange(from, isDays ? to - 1 : to);
}
