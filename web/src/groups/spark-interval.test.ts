import { expect, test } from 'vitest';
import { DAY_MS, HOUR_MS } from '../time/units.ts';
import { sparkIntervals } from './spark-interval.ts';

test.each([
  [HOUR_MS, ['MINUTE', 'DAY']],
  [6 * HOUR_MS, ['FIVE_MINUTES', 'DAY']],
  [DAY_MS, ['FIFTEEN_MINUTES', 'DAY']],
  [7 * DAY_MS, ['HOUR', 'DAY']],
  [90 * DAY_MS, ['DAY']],
  [365 * DAY_MS, ['WEEK']],
  [20 * 365 * DAY_MS, ['MONTH']],
])('a range of %i ms', (length, lengths) => {
  expect(sparkIntervals({ from: 0, to: length })).toEqual(lengths);
});
