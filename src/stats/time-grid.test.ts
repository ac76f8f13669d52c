import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { anyBuckets } from '../../test/store/stats-questions.ts';
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../lib/time-units.ts';
import { checkedPart } from './question.ts';
import { timeGrid } from './time-grid.ts';

it('has the longest intervals of which each bucket is a whole number', () => {
  const grid = timeGrid([
    { from: 5, to: 5 + DAY_MS },
    { from: 5 + DAY_MS, to: 5 + 2 * DAY_MS - HOUR_MS },
  ]);
  expect(grid).toEqual({ from: 5, to: 5 + 2 * DAY_MS - HOUR_MS, length: HOUR_MS });
  expect(timeGrid([{ from: 7, to: 8 }])).toEqual({ from: 7, to: 8, length: 1 });
});

it('never has intervals shorter than 15 minutes for hours and longer buckets of today', () => {
  fc.assert(
    fc.property(anyBuckets, (buckets) => {
      const { ranges } = checkedPart({ groups: null, buckets }).buckets!;
      const { from, to, length } = timeGrid(ranges);
      expect([from, to]).toEqual([ranges[0]!.from, ranges.at(-1)!.to]);
      for (const range of ranges) {
        expect((range.from - from) % length).toBe(0);
        expect((range.to - from) % length).toBe(0);
      }
      const isShort = ['MINUTE', 'FIVE_MINUTES'].includes(buckets.interval);
      expect(length).toBeGreaterThanOrEqual(isShort ? MINUTE_MS : 15 * MINUTE_MS);
    }),
    { numRuns: 500 },
  );
});
