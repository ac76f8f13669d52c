import fc from 'fast-check';
import { expect, test } from 'vitest';
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
