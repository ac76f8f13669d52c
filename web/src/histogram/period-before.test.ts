import fc from 'fast-check';
import { expect, test } from 'vitest';
import { countsBefore, periodBefore, relativeChange } from './period-before.ts';

const bar = (from: number, to: number) => ({
  from,
  to,
  counts: { '1xx': 0, '2xx': 0, '3xx': 0, '4xx': 0, '5xx': 0 },
  total: 0,
  p95: null,
});

test('the period before has the same length and ends where the range begins', () => {
  fc.assert(
    fc.property(fc.nat(), fc.integer({ min: 1, max: 1e9 }), (from, span) => {
      expect(periodBefore({ from, to: from + span })).toEqual({ from: from - span, to: from });
    }),
  );
});

test('each bar gets the count of the bucket one period earlier', () => {
  const before = [0, 10, 20].map((from) => ({ from, to: from + 10, count: from + 1 }));
  expect(countsBefore([bar(30, 40), bar(40, 50), bar(50, 60)], before, 30)).toEqual([1, 11, 21]);
});

test('buckets of another phase are matched by the middle of the bar', () => {
  const before = [-4, 6, 16].map((from, count) => ({ from, to: from + 10, count }));
  expect(countsBefore([bar(30, 40), bar(40, 50), bar(60, 70)], before, 30)).toEqual([0, 1, null]);
});

test('a change is relative to the value before, if there is one', () => {
  expect(relativeChange(150, 100)).toBe(0.5);
  expect(relativeChange(0, 100)).toBe(-1);
  expect(relativeChange(5, 0)).toBeNull();
  expect(relativeChange(null, 4)).toBeNull();
  expect(relativeChange(4, null)).toBeNull();
});
