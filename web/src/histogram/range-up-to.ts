import type { Interval, TimeRange } from '../time/time-range.ts';
import { MINUTE_MS } from '../time/units.ts';

/** A range as long as the interval that ends at the first whole minute after a time. Unix milliseconds. */
export function rangeUpTo(time: number, { from, to }: Interval): TimeRange {
  const end = (Math.floor(time / MINUTE_MS) + 1) * MINUTE_MS;
  return { kind: 'absolute', from: end - (to - from), to: end };
}
