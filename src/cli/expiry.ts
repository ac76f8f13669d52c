import { parseDate, parseIso8601 } from '../lib/date-time.ts';
import { DAY_MS, HOUR_MS } from '../lib/time-units.ts';

const UNIT_MS = { h: HOUR_MS, d: DAY_MS } as const;

/**
 * Parses an expiry: a number of hours or days from now (`12h`, `90d`), a date (midnight UTC) or an ISO 8601 date-time.
 *
 * @param now Unix milliseconds.
 * @returns Unix milliseconds.
 * @throws Error if the text is invalid or the time is not in the future.
 */
export function parseExpiry(text: string, now: number): number {
  const [, count, unit] = /^([1-9]\d{0,5})([hd])$/.exec(text) ?? [];
  const time =
    unit === undefined
      ? (parseDate(text) ?? parseMilliseconds(text))
      : now + Number(count) * UNIT_MS[unit as keyof typeof UNIT_MS];
  if (time === null) {
    throw new Error(
      `${JSON.stringify(text)} is not a valid time: use for example 12h, 90d, 2027-01-31 or 2027-01-31T12:00:00Z`,
    );
  }
  if (time <= now) throw new Error(`${text} is in the past`);
  return time;
}

function parseMilliseconds(text: string): number | null {
  const time = parseIso8601(text);
  return time === null ? null : Math.floor(time);
}
