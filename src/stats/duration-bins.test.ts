import { expect, it } from 'vitest';
import { BIN_COUNT, binOf, RELATIVE_ERROR, valueOfBin } from './duration-bins.ts';

const LONGEST = 2_147_483_647;

/** The lowest integer that is in the bin or above it. */
function startOf(bin: number): number {
  let [low, high] = [0, 2 * LONGEST];
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    if (binOf(middle) < bin) low = middle + 1;
    else high = middle;
  }
  return low;
}

it('every bin holds an integer, and its value is within 1% of all that it holds', () => {
  for (let bin = 0; bin < BIN_COUNT; bin++) {
    const [start, end, value] = [startOf(bin), startOf(bin + 1) - 1, valueOfBin(bin)];
    expect([binOf(start), binOf(end)]).toEqual([bin, bin]);
    expect(Math.abs(value - start)).toBeLessThanOrEqual(RELATIVE_ERROR * start);
    expect(Math.abs(value - end)).toBeLessThanOrEqual(RELATIVE_ERROR * end);
    if (start === end) expect(value).toBe(start);
  }
});

it('durations up to 50 ms have a bin of their own', () => {
  for (let duration = 0; duration <= 50; duration++) expect(valueOfBin(binOf(duration))).toBe(duration);
});

it('no bin ends so close to an integer that another logarithm could round it differently', () => {
  const distances = Array.from({ length: BIN_COUNT - 50 }, (_, i) => {
    const exact = Math.log(startOf(i + 50)) / Math.log(1.01 / 0.99);
    return Math.abs(exact - Math.round(exact));
  });
  expect(Math.min(...distances)).toBeGreaterThan(1e-11);
});

it('has a bin for the longest duration and none above it', () => {
  expect(binOf(LONGEST)).toBe(BIN_COUNT - 1);
});
