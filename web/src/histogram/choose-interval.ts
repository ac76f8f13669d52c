import type { TimeInterval } from '../__generated__/useHistogramQuery.graphql';
import { BUCKET_LENGTHS, BUCKET_MS } from '../time/bucket-length.ts';

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
  for (const interval of BUCKET_LENGTHS) {
    const bars = Math.max(1, rangeMs / BUCKET_MS[interval]);
    const distance = Math.abs(Math.log(bars / IDEAL_BARS));
    if (bars <= maxBars && distance < bestDistance) [best, bestDistance] = [interval, distance];
  }
  return best;
}
