import fc from 'fast-check';
import { expect, test } from 'vitest';
import { STATUS_CLASSES, type StatusClass } from '../fields/status-class.ts';
import { type Bar, barAt, stack, toBars } from './bars.ts';

const HOUR = 3_600_000;

const counts = fc.record(
  Object.fromEntries(STATUS_CLASSES.map((name) => [name, fc.nat(1_000)])) as Record<
    StatusClass,
    fc.Arbitrary<number>
  >,
);
const bars = fc.array(counts, { minLength: 1, maxLength: 50 }).map((all) =>
  all.map(
    (counts, index): Bar => ({
      from: index * HOUR,
      to: (index + 1) * HOUR,
      counts,
      total: Object.values(counts).reduce((a, b) => a + b),
      p95: null,
    }),
  ),
);

test('buckets of classes become the counts of bars; a class without logs has none', () => {
  const bucket = (from: string, to: string, count: number, p95: number | null) => ({
    from,
    to,
    measures: { count, durationMs: { p95 } },
  });
  const result = toBars(
    [
      bucket('1970-01-01T00:00:00Z', '1970-01-01T01:00:00Z', 3, 20),
      bucket('1970-01-01T01:00:00Z', '1970-01-01T02:00:00Z', 0, null),
    ],
    [
      { key: [{ value: '2xx' }], buckets: [{ measures: { count: 2 } }, { measures: { count: 0 } }] },
      { key: [{ value: '5xx' }], buckets: [{ measures: { count: 1 } }, { measures: { count: 0 } }] },
    ],
  );
  const none = { '1xx': 0, '2xx': 0, '3xx': 0, '4xx': 0, '5xx': 0 };
  expect(result).toEqual([
    { from: 0, to: HOUR, counts: { ...none, '2xx': 2, '5xx': 1 }, total: 3, p95: 20 },
    { from: HOUR, to: 2 * HOUR, counts: none, total: 0, p95: null },
  ]);
});

test('the highest layer of each bar is the sum of the classes that are shown', () => {
  fc.assert(
    fc.property(bars, fc.subarray([...STATUS_CLASSES], { minLength: 1 }), (bars, names) => {
      const layers = stack(bars, new Set(names));
      expect(layers.map(({ name }) => name)).toEqual(
        STATUS_CLASSES.filter((c) => names.includes(c)).reverse(),
      );
      bars.forEach(({ counts }, index) => {
        const tops = layers.map(({ tops }) => tops[index] ?? 0);
        expect(Math.max(...tops)).toBe(names.reduce((sum, name) => sum + counts[name], 0));
        const present = tops.filter((top) => top > 0);
        expect(present).toEqual(present.toSorted((a, b) => b - a));
      });
    }),
  );
});

test('a time is in the bar that contains it, or in the nearest one', () => {
  fc.assert(
    fc.property(bars, fc.integer({ min: -HOUR, max: 60 * HOUR }), (bars, time) => {
      const { from, to } = bars[barAt(bars, time)]!;
      const end = bars.length * HOUR;
      if (time >= 0 && time < end) expect(from <= time && time < to).toBe(true);
      else expect(from).toBe(time < 0 ? 0 : end - HOUR);
    }),
  );
});
