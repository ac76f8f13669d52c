import type { Interval } from '../time/time-range.ts';
import { DAY_MS, MINUTE_MS } from '../time/units.ts';

/**
 * The part of a range of time that the plan shows. The server refuses a range that starts a day or more before it.
 *
 * @param retentionDays null: the plan shows all logs.
 * @param now Unix milliseconds by the server's clock.
 * @returns a minute in which nothing matches if nothing remains, and whether something was cut: a minute is not worth a word.
 */
export function withinRetention(
  { from, to }: Interval,
  retentionDays: number | null,
  now: number,
): { readonly interval: Interval; readonly isCut: boolean } {
  const visibleFrom = retentionDays === null ? Number.NEGATIVE_INFINITY : now - retentionDays * DAY_MS;
  if (from >= visibleFrom) return { interval: { from, to }, isCut: false };
  return {
    interval: { from: visibleFrom, to: Math.max(to, visibleFrom + MINUTE_MS) },
    isCut: visibleFrom - from > MINUTE_MS,
  };
}
