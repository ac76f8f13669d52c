import { inZone } from './time-zone.ts';

/*
 * Each function gives the starts of buckets in ascending order and without end. The last one that is not after `time` is the
 * start of the bucket that contains `time`.
 */

/**
 * Buckets that are parts of an hour, or whole hours, by the clock of a zone. Where the clock is changed, a bucket ends and
 * another begins.
 *
 * @param size milliseconds, a divisor of a day.
 */
export function* clockStarts(time: number, size: number, zone: string): Generator<number, never> {
  const roundedDown = (at: number, offset: number) => Math.floor((at + offset) / size) * size - offset;
  // If the clock was changed between here and `time`, the change is the next start.
  let start = roundedDown(time, offsetAt(time, zone));
  for (;;) {
    const offset = offsetAt(start, zone);
    const change = nextChange(start, zone);
    while (start < change) {
      yield start;
      start = roundedDown(start, offset) + size;
    }
    start = change;
  }
}

/**
 * Calendar days, weeks (from Monday) or months in a zone. Each begins at the first moment with its date, which is not always
 * midnight. A date that the zone skipped has the same start as the next one.
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

/** The first time after this one at which the clock is changed; infinite if there is none. */
function nextChange(time: number, zone: string): number {
  return inZone(time, zone).getTimeZoneTransition('next')?.epochMilliseconds ?? Number.POSITIVE_INFINITY;
}
