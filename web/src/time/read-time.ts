const TIME = /^(\d{4}-\d{2}-\d{2})(?:[T ](\d{2}:\d{2}(?::\d{2}(?:\.\d{1,3})?)?)(Z|[+-]\d{2}:\d{2})?)?$/i;

/** The earliest time that the page reads and asks for, in Unix milliseconds. */
export const EARLIEST = Date.parse('0000-01-01T00:00:00Z');

/**
 * Reads a day or a time in ISO 8601, by which people and links name it. Without a zone, it is in UTC.
 *
 * @returns Unix milliseconds, of the years 0 to 9999; undefined if it is no such time.
 */
export function readTime(text: string): number | undefined {
  const [, day, clock = '00:00', zone = 'Z'] = TIME.exec(text) ?? [];
  if (day === undefined) return undefined;
  const start = new Date(`${day}T00:00Z`);
  // JavaScript reads the 30th of February as a day of March.
  if (Number.isNaN(start.getTime()) || !start.toISOString().startsWith(day)) return undefined;
  const time = new Date(`${day}T${clock}${zone.toUpperCase()}`);
  // Other years have a sign.
  return !Number.isNaN(time.getTime()) && /^\d/.test(time.toISOString()) ? time.getTime() : undefined;
}
