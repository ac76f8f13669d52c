import type { TimeInterval } from '../__generated__/useHistogramQuery.graphql';
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../time/units.ts';

/** Lengths in milliseconds; days, weeks and months as long as they are on average. */
const INTERVAL_MS: Readonly<Record<TimeInterval, number>> = {
  MINUTE: MINUTE_MS,
  FIVE_MINUTES: 5 * MINUTE_MS,
  FIFTEEN_MINUTES: 15 * MINUTE_MS,
  HOUR: HOUR_MS,
  DAY: DAY_MS,
  WEEK: 7 * DAY_MS,
  MONTH: 30.4 * DAY_MS,
};

/** Number of bars at which a trend is seen best. */
const IDEAL_BARS = 100;

/**
 * The length of a bar: the one whose number of bars is, as a ratio, nearest to the ideal.
 *
 * @param rangeMs length of the range.
 * @param maxBars as many as there is space for.
 */
export function chooseInterval(rangeMs: number, maxBars: number): TimeInterval {
  let best: TimeInterval = 'MONTH';
  let bestDistance = Number.POSITIVE_INFINITY;
  for (const [interval, ms] of Object.entries(INTERVAL_MS) as [TimeInterval, number][]) {
    const bars = Math.max(1, rangeMs / ms);
    const distance = Math.abs(Math.log(bars / IDEAL_BARS));
    if (bars <= maxBars && distance < bestDistance) [best, bestDistance] = [interval, distance];
  }
  return best;
}
