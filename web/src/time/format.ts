import { MINUTE_MS } from './units.ts';

/** The time zone of the browser, an IANA name. */
export const LOCAL_ZONE = Intl.DateTimeFormat().resolvedOptions().timeZone;

const formats = new Map<string, Intl.DateTimeFormat>();

function formatOf(zone: string, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const key = `${zone} ${JSON.stringify(options)}`;
  let format = formats.get(key);
  if (format === undefined) {
    format = new Intl.DateTimeFormat('en-GB', { timeZone: zone, hourCycle: 'h23', ...options });
    formats.set(key, format);
  }
  return format;
}

const TIME = {
  month: 'short',
  day: '2-digit',
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
  fractionalSecondDigits: 3,
} as const;

/** Such as `28 Nov, 14:05:07.123`. @param time ISO 8601 or Unix milliseconds. */
export function formatTime(time: string | number, zone: string): string {
  return formatOf(zone, TIME).format(new Date(time));
}

/** With the year and the zone, for titles. @param time ISO 8601 or Unix milliseconds. */
export function formatFullTime(time: string | number, zone: string): string {
  return formatOf(zone, { ...TIME, year: 'numeric', timeZoneName: 'short' }).format(new Date(time));
}

/** To the minute, such as `28 Nov 2026, 14:05`. @param time Unix milliseconds. */
export function formatMinute(time: string | number, zone: string): string {
  return formatOf(zone, {
    year: 'numeric',
    month: 'short',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
  }).format(new Date(time));
}

/**
 * Such as `28 Nov 14:05 – 15:10`, with years if one is not that of `now` and with seconds if one is not zero.
 *
 * @param from Unix milliseconds, as are `to` and `now`.
 */
export function formatRange(from: number, to: number, zone: string, now: number): string {
  const yearOf = (time: number) => formatOf(zone, { year: 'numeric' }).format(time);
  const hasYear = [from, to].some((time) => yearOf(time) !== yearOf(now));
  const hasSeconds = [from, to].some((time) => time % MINUTE_MS !== 0);
  const day = formatOf(zone, { day: 'numeric', month: 'short', ...(hasYear && { year: 'numeric' }) });
  const clock = formatOf(zone, {
    hour: '2-digit',
    minute: '2-digit',
    ...(hasSeconds && { second: '2-digit' }),
  });
  const end = day.format(from) === day.format(to) ? '' : `${day.format(to)} `;
  return `${day.format(from)} ${clock.format(from)} – ${end}${clock.format(to)}`;
}
