import { HOUR_MS, SECOND_MS } from '../../lib/time-units.ts';

/** How long after its end an hour is expected to get no more logs, in milliseconds. */
const SETTLE_MS = 10 * SECOND_MS;

/** The first hour that is not settled. @param now Unix milliseconds. */
export function unsettledHour(now: number): number {
  return Math.floor((now - SETTLE_MS) / HOUR_MS);
}
