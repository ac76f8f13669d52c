import { createParser } from 'nuqs';
import { DAY_MS } from './units.ts';

const formats = new Map<string, Intl.DateTimeFormat>();

function clockOf(zone: string): Intl.DateTimeFormat {
  let format = formats.get(zone);
  if (format === undefined) {
    const parts = { year: 'numeric', month: '2-digit', day: '2-digit' } as const;
    const clock = { hour: '2-digit', minute: '2-digit', second: '2-digit', hourCycle: 'h23' } as const;
    format = new Intl.DateTimeFormat('en-GB', { timeZone: zone, ...parts, ...clock });
    formats.set(zone, format);
  }
  return format;
}

/**
 * The time that a clock in the zone shows, such as `2026-11-28T14:05`: the form of the value of a `datetime-local` input.
 *
 * @param time Unix milliseconds.
 */
export function localTimeOf(time: number, zone: string): string {
  return localSecondOf(time, zone).slice(0, 16);
}

function localSecondOf(time: number, zone: string): string {
  const parts = Object.fromEntries(
    clockOf(zone)
      .formatToParts(time)
      .map(({ type, value }) => [type, value]),
  );
  const { year, month, day, hour, minute, second } = parts;
  return `${year!.padStart(4, '0')}-${month}-${day}T${hour}:${minute}:${second}`;
}

/** By how much the zone's clock is ahead of UTC, in milliseconds. */
function offsetOf(time: number, zone: string): number {
  return Date.parse(`${localSecondOf(time, zone)}Z`) - Math.floor(time / 1000) * 1000;
}

/**
 * The moments at which a clock in the zone shows this time, in Unix milliseconds, ascending: none if the clocks are set
 * forward over it, two if they are set back and it is repeated.
 *
 * @param local such as `2026-11-28T14:05`.
 */
export function momentsOf(local: string, zone: string): readonly number[] {
  const asUtc = Date.parse(`${local}Z`);
  if (Number.isNaN(asUtc)) return [];
  // The clocks are changed at most once within these two days, so one of the two offsets applies.
  const offsets = [asUtc - DAY_MS, asUtc + DAY_MS].map((time) => offsetOf(time, zone));
  return [...new Set(offsets)]
    .map((offset) => ({ offset, moment: asUtc - offset }))
    .filter(({ offset, moment }) => offsetOf(moment, zone) === offset)
    .map(({ moment }) => moment)
    .sort((a, b) => a - b);
}

/** Whether it is the name of a time zone that this browser knows. */
export function isZone(name: string): boolean {
  try {
    return new Intl.DateTimeFormat('en-GB', { timeZone: name }) !== null;
  } catch {
    return false;
  }
}

/** In URLs: the IANA name of a time zone. */
export const parseAsZone = createParser<string>({
  parse: (name) => (isZone(name) ? name : null),
  serialize: (name) => name,
});

/** Names of time zones that contain the text, those that begin with it or with a city of this name first. */
export function findZones(text: string, limit: number): readonly string[] {
  const key = text.trim().toLowerCase().replaceAll(' ', '_');
  const found = Intl.supportedValuesOf('timeZone').filter((name) => name.toLowerCase().includes(key));
  const isBeginning = (name: string) =>
    name.split('/').some((part) => part.toLowerCase().startsWith(key)) ? 0 : 1;
  return found.sort((a, b) => isBeginning(a) - isBeginning(b)).slice(0, limit);
}

/** Such as `GMT+1`. @param time Unix milliseconds. */
export function formatOffset(time: number, zone: string): string {
  const parts = new Intl.DateTimeFormat('en-GB', { timeZone: zone, timeZoneName: 'shortOffset' });
  return parts.formatToParts(time).find(({ type }) => type === 'timeZoneName')!.value;
}
