import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { sampleLog } from '../../test/store/samples.ts';
import { expectedPercentile } from '../../test/store/stats-oracle.ts';
import { RELATIVE_ERROR } from './duration-bins.ts';
import { type Durations, DurationsSum, meanOf, percentilesOf } from './durations.ts';

const anyDuration = fc.oneof(
  fc.integer({ min: 0, max: 60 }),
  fc.integer({ min: 50, max: 10_000 }),
  fc.integer({ min: 0, max: 2_147_483_647 }),
);
const anyPercentage = fc.oneof(
  fc.constantFrom(0, 50, 90, 95, 99, 99.9, 100),
  fc.integer({ min: 0, max: 1_000 }).map((tenths) => tenths / 10),
);

function durationsOf(values: readonly number[]): Durations {
  const sum = new DurationsSum();
  for (const value of values) sum.add(value);
  return sum.result();
}

describe('percentiles', () => {
  it('are within 1% of the exact nearest-rank percentile', () => {
    fc.assert(
      fc.property(
        fc.array(anyDuration, { minLength: 1, maxLength: 1000, size: 'max' }),
        anyPercentage,
        (values, p) => {
          const exact = expectedPercentile(
            values.map((durationMs) => sampleLog({ durationMs })),
            p,
          )!;
          const [value] = percentilesOf(durationsOf(values), [p]);
          expect(Math.abs(value! - exact)).toBeLessThanOrEqual(RELATIVE_ERROR * exact);
        },
      ),
      { numRuns: 300 },
    );
  });

  it('are the same whether they are read together or one by one', () => {
    fc.assert(
      fc.property(
        fc.array(anyDuration, { maxLength: 300, size: 'max' }),
        fc.array(anyPercentage),
        (values, percentages) => {
          const durations = durationsOf(values);
          const ascending = percentages.toSorted((a, b) => a - b);
          expect(percentilesOf(durations, ascending)).toEqual(
            ascending.flatMap((p) => percentilesOf(durations, [p])),
          );
        },
      ),
    );
  });

  it('are exact at 0 and 100 and where bins hold one integer', () => {
    expect(percentilesOf(durationsOf([1_437, 99_999, 3]), [0, 100])).toEqual([3, 99_999]);
    expect(percentilesOf(durationsOf(Array.from({ length: 50 }, (_, i) => i + 1)), [2, 50, 94])).toEqual([
      1, 25, 47,
    ]);
  });

  it('are never outside of the minimum and maximum', () => {
    expect(percentilesOf(durationsOf([1_445, 1_445, 1_445]), [50])).toEqual([1_445]);
    expect(percentilesOf(durationsOf([1_431, 1_431, 1_431]), [50])).toEqual([1_431]);
  });

  it('count a percentage as the decimal that it is written as', () => {
    // In floating point, 16.1 * 1000 / 100 is more than 161, and 7 / 100 * 100 more than 7.
    const values = Array.from({ length: 1000 }, (_, i) => (i < 161 ? 10 : 20));
    expect(percentilesOf(durationsOf(values), [16.1, 16.2])).toEqual([10, 20]);
    expect(percentilesOf(durationsOf([...Array(7).fill(10), ...Array(93).fill(20)]), [7, 8])).toEqual([
      10, 20,
    ]);
  });

  it('are null without durations', () => {
    expect(percentilesOf(durationsOf([]), [0, 50])).toEqual([null, null]);
    expect(meanOf(durationsOf([]))).toBeNull();
  });

  it.each([-0.1, 100.1, Number.NaN, Number.POSITIVE_INFINITY])('reject %s', (p) => {
    expect(() => percentilesOf(durationsOf([1]), [p])).toThrow(
      `A percentile must be from 0 to 100, not ${p}.`,
    );
  });

  it('reject percentages that are not in ascending order', () => {
    expect(() => percentilesOf(durationsOf([1]), [99, 50])).toThrow('ascending');
  });

  it('report a sketch that does not fit its count', () => {
    const durations = { ...durationsOf([1, 2]), count: 3 };
    expect(() => percentilesOf(durations, [100])).toThrow('fewer values than its count');
  });
});
