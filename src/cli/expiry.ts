import { parseDate, parseIso8601 } from '../lib/date-time.ts';
import { DAY_MS, HOUR_MS } from '../lib/time-units.ts';

const UNIT_MS = { h: HOUR_MS, d: DAY_MS } as const;

/**
 * When something expires: after a number of hours or days (`12h`, `90d`), or at a date or a time.
 *
 * @param now Unix milliseconds.
 * @returns Unix milliseconds.
 * @throws Error if the text is none of these, or the time has passed.
 */
export function parseExpiry(text: string, now: number): number {
  const [, count, unit] = /^([1-9]\d{0,5})([hd])$/.exec(text) ?? [];
  const time =
    unit === undefined
      ? (parseDate(text) ?? wholeTime(text))
      : now + Number(count) * UNIT_MS[unit as keyof typeof UNIT_MS];
  if (time === null) {
    throw new Error(
      `${JSON.stringify(text)} is no time: use such as 12h, 90d, 2027-01-31 or 2027-01-31T12:00:00Z`,
    );
  }
  if (time <= now) throw new Error(`${text} has passed already`);
  return time;
}

function wholeTime(text: string): number | null {
  const time = parseIso8601(text);
  return time === null ? null : Math.floor(time);
}
