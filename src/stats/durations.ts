import { badInput } from '../log/errors.ts';
import { binOf, valueOfBin } from './duration-bins.ts';
import { Sketch, SketchReader } from './sketch.ts';

/** Statistics of the durations of a set of logs, in milliseconds. Logs without a duration are left out. */
export interface Durations {
  readonly count: number;
  readonly sum: number;
  /** Null if the count is 0. */
  readonly min: number | null;
  /** Null if the count is 0. */
  readonly max: number | null;
  /** An encoded `Sketch`. */
  readonly sketch: Uint8Array;
  /** The values of `READY_PERCENTILES`, if they are known without reading the sketch. */
  readonly percentiles?: readonly number[];
}

/** The percentiles that cells and answers have ready, in ascending order; others are read from a sketch. */
export const READY_PERCENTILES = [50, 90, 95, 99] as const;

/** Collects durations, one by one or as statistics of other sets. */
export class DurationsSum {
  #count = 0;
  #sum = 0;
  #min = Number.POSITIVE_INFINITY;
  #max = Number.NEGATIVE_INFINITY;
  readonly #sketch = new Sketch();

  /** @param bin the duration's bin. */
  add(duration: number, bin: number = binOf(duration)): void {
    this.#count++;
    this.#sum += duration;
    if (duration < this.#min) this.#min = duration;
    if (duration > this.#max) this.#max = duration;
    this.#sketch.addBin(bin);
  }

  merge(part: Durations): void {
    if (part.min === null || part.max === null) return;
    this.#count += part.count;
    this.#sum += part.sum;
    this.#min = Math.min(this.#min, part.min);
    this.#max = Math.max(this.#max, part.max);
    this.#sketch.merge(part.sketch);
  }

  result(): Durations {
    const [count, sum, sketch] = [this.#count, this.#sum, this.#sketch.encode()];
    return count === 0
      ? { count, sum, min: null, max: null, sketch }
      : { count, sum, min: this.#min, max: this.#max, sketch };
  }
}

/** The arithmetic mean; null if the count is 0. */
export function meanOf({ count, sum }: Durations): number | null {
  return count === 0 ? null : sum / count;
}

/**
 * Percentiles by nearest rank, within `RELATIVE_ERROR` of the exact value; 0 and 100 give the exact minimum and maximum.
 * Reads the sketch once, whatever the number of percentiles.
 *
 * @param ascending percentages from 0 to 100, in ascending order.
 * @returns a value for each percentage; null for all of them if the count is 0.
 * @throws RelaylogError BAD_USER_INPUT if a percentage is not between 0 and 100.
 */
export function percentilesOf(
  { count, min, max, sketch }: Durations,
  ascending: readonly number[],
): (number | null)[] {
  checkPercentages(ascending);
  if (min === null || max === null) return ascending.map(() => null);
  const bins = percentileBins({ count, sketch }, ascending);
  return bins.map((bin, i) => {
    const rank = rankOf(ascending[i]!, count);
    return rank === 1 ? min : rank === count ? max : valueWithin(bin, min, max);
  });
}

/** The value of a bin that holds a duration from `min` to `max`. */
export function valueWithin(bin: number, min: number, max: number): number {
  return Math.min(Math.max(valueOfBin(bin), min), max);
}

/** The bins of percentiles of at least one duration. @param ascending as for `percentilesOf`. */
export function percentileBins(
  { count, sketch }: Pick<Durations, 'count' | 'sketch'>,
  ascending: readonly number[],
): number[] {
  const reader = new SketchReader(sketch);
  const bins: number[] = [];
  let seen = 0;
  for (let i = 0; i < ascending.length; i++) {
    const rank = rankOf(ascending[i]!, count);
    while (seen < rank && reader.next()) seen += reader.count;
    if (seen < rank) throw new Error('The duration sketch holds fewer values than its count.');
    bins.push(reader.bin);
  }
  return bins;
}

/** @throws RelaylogError BAD_USER_INPUT if a percentage is not between 0 and 100. */
export function checkPercentage(percentage: number): void {
  if (percentage >= 0 && percentage <= 100) return;
  throw badInput(`A percentile must be from 0 to 100, not ${percentage}.`);
}

function checkPercentages(ascending: readonly number[]): void {
  let last = 0;
  for (const percentage of ascending) {
    checkPercentage(percentage);
    if (percentage < last) throw new Error('The percentages are not in ascending order.');
    last = percentage;
  }
}

/** A share such as 16.1% of 1,000 is 161.00000000000003 in floating point; its rank is 161, not 162. */
const ROUNDING = 1 - 4 * Number.EPSILON;

/** The nearest rank, from 1. */
function rankOf(percentage: number, count: number): number {
  return Math.max(1, Math.ceil(((percentage * count) / 100) * ROUNDING));
}
