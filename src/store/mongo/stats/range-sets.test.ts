import * as fc from 'fast-check';
import { Aggregator } from 'mingo';
import { expect, it } from 'vitest';
import { HOUR_MS, MINUTE_MS } from '../../../lib/time-units.ts';
import type { TimeRange } from '../../../stats/intervals.ts';
import { mergedRanges } from '../../roll-ups/ranges.ts';
import { type RangeSet, rangeSets, spanOf, withoutGaps } from './range-sets.ts';

const START = Date.UTC(2026, 9, 1);
const hours = (from: number, to: number): TimeRange => ({
  from: START + from * HOUR_MS,
  to: START + to * HOUR_MS,
});

/** Ranges with gaps. Some begin or end within an hour. */
const anyRanges = fc
  .array(fc.tuple(fc.integer({ min: 0, max: 60 }), fc.constantFrom(1, 2, 7), fc.constantFrom(0, 0, 0, 15)), {
    minLength: 1,
    maxLength: 20,
  })
  .map((spans) =>
    mergedRanges(
      spans.map(([start, length, minutes]) => {
        const { from, to } = hours(start, start + length);
        return { from: from + minutes * MINUTE_MS, to };
      }),
    ),
  );

function timesLeft(set: RangeSet, times: readonly number[]): number[] {
  const documents = times.map((time) => ({ createdAt: new Date(time) }));
  return new Aggregator(withoutGaps(set))
    .run<{ createdAt: Date } & Record<string, unknown>>(documents)
    .map(({ createdAt }) => createdAt.getTime());
}

it('leaves out the logs between the ranges of a set, when mingo runs the stages', () => {
  fc.assert(
    fc.property(anyRanges, (ranges) => {
      const sets = rangeSets(ranges);
      expect(sets.flat()).toEqual(ranges);
      for (const set of sets) {
        const { from, to } = spanOf(set);
        const ends = ranges.flatMap((range) => [range.from, range.from - 1, range.to, range.to - 1]);
        const times = [...new Set(ends)].filter((time) => time >= from && time < to);
        expect(timesLeft(set, times)).toEqual(
          times.filter((time) => set.some((range) => time >= range.from && time < range.to)),
        );
      }
    }),
  );
});

it('reads at most three times the time of the ranges', () => {
  expect(rangeSets([hours(0, 1), hours(5, 6)])).toHaveLength(1);
  expect(rangeSets([hours(0, 1), hours(6, 7)])).toHaveLength(2);
  fc.assert(
    fc.property(anyRanges, (ranges) => {
      for (const set of rangeSets(ranges)) {
        const { from, to } = spanOf(set);
        const covered = set.reduce((sum, range) => sum + range.to - range.from, 0);
        expect(to - from).toBeLessThanOrEqual(3 * covered);
      }
    }),
  );
});

it('reads ranges together only if one ends and the next begins with an hour', () => {
  const part = { from: START + 90 * MINUTE_MS, to: START + 105 * MINUTE_MS };
  expect(rangeSets([hours(0, 1), part, hours(2, 3)])).toEqual([[hours(0, 1)], [part], [hours(2, 3)]]);
  const late = { from: START - 5 * MINUTE_MS, to: START };
  expect(rangeSets([late, hours(0, 1)])).toEqual([[late, hours(0, 1)]]);
});

it('needs no stage for one range', () => {
  expect(withoutGaps([hours(0, 3)])).toEqual([]);
});
