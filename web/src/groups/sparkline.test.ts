import fc from 'fast-check';
import { expect, test } from 'vitest';
import { sparkInterval } from './spark-interval.ts';
import { maxOf, mergePoints, sumOf } from './sparkline.tsx';

const values = fc.array(fc.option(fc.nat(1000)), { minLength: 1, maxLength: 200 });
const numbers = (list: readonly (number | null)[]) => list.filter((value) => value !== null);

test('merged points have the sum or the maximum of all values, and are few', () => {
  fc.assert(
    fc.property(values, (list) => {
      expect(mergePoints(list, sumOf).length).toBeLessThanOrEqual(60);
      expect(sumOf(numbers(mergePoints(list, sumOf)))).toBe(sumOf(numbers(list)));
      expect(maxOf(numbers(mergePoints(list, maxOf)))).toBe(maxOf(numbers(list)));
    }),
  );
});

test('a range has few enough buckets', () => {
  const HOUR = 3_600_000;
  const intervalOf = (hours: number) => sparkInterval({ from: 0, to: hours * HOUR });
  expect([0.25, 1, 6, 24, 168, 720, 2160, 24 * 3650].map(intervalOf)).toEqual([
    'MINUTE',
    'MINUTE',
    'FIVE_MINUTES',
    'FIFTEEN_MINUTES',
    'HOUR',
    'DAY',
    'DAY',
    'MONTH',
  ]);
});
