import { createRequire } from 'node:module';
import type * as polyfill from 'temporal-polyfill';
import { badInput } from '../log/errors.ts';

/** Node's own from version 26 on. Loading the polyfill beside it would cost 0.9 MiB. */
const { Temporal }: typeof polyfill =
  'Temporal' in globalThis ? globalThis : createRequire(import.meta.url)('temporal-polyfill');

/**
 * Validates the name of an IANA time zone. Letters match in either case.
 *
 * @returns the name with the usual case of its letters.
 * @throws RelaylogError BAD_USER_INPUT if no such zone is known. Offsets such as `+02:00` are not names.
 */
export function timeZoneOf(text: string): string {
  try {
    if (/^[a-z]/i.test(text)) return new Temporal.ZonedDateTime(0n, text).timeZoneId;
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
  }
  const shown = JSON.stringify(text.length <= SHOWN_LENGTH ? text : `${text.slice(0, SHOWN_LENGTH)}…`);
  throw badInput(`The time zone ${shown} is unknown: use an IANA name, such as "Europe/Berlin" or "UTC".`);
}

const SHOWN_LENGTH = 64;

/** A time in a zone. `zone` is a name that `timeZoneOf` returned; the time is in whole Unix milliseconds. */
export function inZone(time: number, zone: string): polyfill.Temporal.ZonedDateTime {
  return Temporal.Instant.fromEpochMilliseconds(time).toZonedDateTimeISO(zone);
}
