import fc from 'fast-check';
import { expect, test } from 'vitest';
import { zoomIn, zoomOut } from './zoom.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const counts = { '1xx': 0, '2xx': 0, '3xx': 0, '4xx': 0, '5xx': 0 };
const bars = [0, 1, 2, 3].map((hour) => ({
  from: hour * HOUR,
  to: (hour + 1) * HOUR,
  counts,
  total: 0,
  p95: null,
}));

test('zooming in keeps whole bars, in either direction, within the range', () => {
  const range = { from: HOUR / 2, to: 3.5 * HOUR };
  expect(zoomIn(bars, 1, 2, range)).toEqual({ from: HOUR, to: 3 * HOUR });
  expect(zoomIn(bars, 2, 1, range)).toEqual({ from: HOUR, to: 3 * HOUR });
  expect(zoomIn(bars, 0, 3, range)).toEqual(range);
});

test('zooming out doubles the range, contains it, and does not pass now', () => {
  const now = 1_000 * DAY;
  const span = fc.integer({ min: 1, max: 100 * DAY }).map((half) => half * 2);
  fc.assert(
    fc.property(span, fc.integer({ min: 0, max: 100 * DAY }), (span, age) => {
      const range = { from: now - age - span, to: now - age };
      const wide = zoomOut(range, now);
      expect(wide.to - wide.from).toBe(2 * span);
      expect(wide.to).toBeLessThanOrEqual(now);
      expect(wide.from <= range.from && range.to <= wide.to).toBe(true);
    }),
  );
});
