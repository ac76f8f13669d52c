import { inZone } from './time-zone.ts';

/**
 * The starts of buckets that are parts of an hour, or whole hours, by the clock of a zone, in ascending order and without
 * end. The first is the start of the bucket that contains `time`. When the clock changes, a bucket ends and another begins.
 *
 * @param size milliseconds, a divisor of a day.
 */
export function* clockStarts(time: number, size: number, zone: string): Generator<number, never> {
  /** The start of the bucket that contains a time, if the clock does not change in the bucket. */
  const roundedDown = (at: number, offset: number) => Math.floor((at + offset) / size) * size - offset;
  // Looks for changes before the next millisecond, because one at `time` itself counts.
  const lastChange = clockChange(time + 1, zone, 'previous') ?? Number.NEGATIVE_INFINITY;
  let start = Math.max(roundedDown(time, offsetAt(time, zone)), lastChange);
  for (;;) {
    const offset = offsetAt(start, zone);
    const change = clockChange(start, zone, 'next') ?? Number.POSITIVE_INFINITY;
    while (start < change) {
      yield start;
      start = roundedDown(start, offset) + size;
    }
    start = change;
  }
}

/**
 * The starts of calendar days, weeks (from Monday) or months in a zone, in ascending order and without end. Each is the first
 * moment with that date, which is not always midnight. The first is at or before `time`; a date that a zone skipped
 * has the same start as the next one.
 */
export function* calendarStarts(
  time: number,
  unit: 'days' | 'weeks' | 'months',
  zone: string,
): Generator<number, never> {
  let date = inZone(time, zone).toPlainDate();
  if (unit === 'weeks') date = date.subtract({ days: date.dayOfWeek - 1 });
  if (unit === 'months') date = date.with({ day: 1 });
  for (; ; date = date.add({ [unit]: 1 })) yield date.toZonedDateTime(zone).epochMilliseconds;
}

/** Milliseconds to add to UTC to get the time of the zone's clock. */
function offsetAt(time: number, zone: string): number {
  return inZone(time, zone).offsetNanoseconds / 1e6;
}

/** The next or previous time at which the zone's offset changes, exclusive; null if there is none. */
function clockChange(time: number, zone: string, direction: 'next' | 'previous'): number | null {
  return inZone(time, zone).getTimeZoneTransition(direction)?.epochMilliseconds ?? null;
}
