import { expect, test } from 'vitest';
import { widerRelative } from './time-range.ts';
import { DAY_MS, HOUR_MS } from './units.ts';

test('the next longer relative range begins before the range', () => {
  const now = 1_000 * DAY_MS;
  expect(widerRelative({ from: now - 7 * DAY_MS, to: now }, now)).toBe('30d');
  expect(widerRelative({ from: now - 5 * HOUR_MS, to: now - 4 * HOUR_MS }, now)).toBe('6h');
  expect(widerRelative({ from: now - 90 * DAY_MS, to: now }, now)).toBeNull();
});
