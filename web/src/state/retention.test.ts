import { expect, test } from 'vitest';
import { withinRetention } from './retention.ts';

const DAY_MS = 86_400_000;
const NOW = 100 * DAY_MS;

test('a range within the retention window stays as it is', () => {
  const range = { from: NOW - 7 * DAY_MS, to: NOW };
  expect(withinRetention(range, 7, NOW)).toEqual({ interval: range, isCut: false });
  expect(withinRetention({ from: 0, to: NOW }, null, NOW)).toEqual({
    interval: { from: 0, to: NOW },
    isCut: false,
  });
});

test('a range that starts before the window starts at the window', () => {
  expect(withinRetention({ from: NOW - 30 * DAY_MS, to: NOW }, 7, NOW)).toEqual({
    interval: { from: NOW - 7 * DAY_MS, to: NOW },
    isCut: true,
  });
});

test('a range before the window is a minute at its start', () => {
  expect(withinRetention({ from: NOW - 30 * DAY_MS, to: NOW - 20 * DAY_MS }, 7, NOW)).toEqual({
    interval: { from: NOW - 7 * DAY_MS, to: NOW - 7 * DAY_MS + 60_000 },
    isCut: true,
  });
});

test('a cut of a minute is not mentioned', () => {
  expect(withinRetention({ from: NOW - 7 * DAY_MS - 60_000, to: NOW }, 7, NOW).isCut).toBe(false);
});
