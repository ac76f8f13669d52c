import { expect, test } from 'vitest';
import { chooseInterval } from './choose-interval.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

test.each([
  [15 * MINUTE, 'MINUTE'],
  [HOUR, 'MINUTE'],
  [6 * HOUR, 'FIVE_MINUTES'],
  [DAY, 'FIFTEEN_MINUTES'],
  [7 * DAY, 'HOUR'],
  [14 * DAY, 'HOUR'],
  [30 * DAY, 'DAY'],
  [90 * DAY, 'DAY'],
  [3 * 365 * DAY, 'WEEK'],
  [20 * 365 * DAY, 'MONTH'],
] as const)('a range of %d ms has bars of one %s', (rangeMs, interval) => {
  expect(chooseInterval(rangeMs, 360)).toBe(interval);
});

test('bars are longer where there is less space', () => {
  expect(chooseInterval(14 * DAY, 200)).toBe('DAY');
});
