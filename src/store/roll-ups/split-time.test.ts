import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../../lib/time-units.ts';
import { bucketsOf } from '../../stats/intervals.ts';
import { coverageOf } from './coverage.ts';
import { ROLL_UPS } from './declared.ts';
import { clipped, mergedRanges } from './ranges.ts';
import { type Coverage, type SplitTime, splitTime, UNIT_MS } from './split-time.ts';

const FIRST_DAY = 20_000;
const DAYS = 3;
const START = FIRST_DAY * DAY_MS;
const FIRST_HOUR = FIRST_DAY * 24;

/** A time within three days: often the start of a day, hour or unit. */
const anyTime = fc
  .tuple(fc.constantFrom(DAY_MS, HOUR_MS, 15 * MINUTE_MS, UNIT_MS, 1), fc.nat(DAYS * DAY_MS))
  .map(([unit, ms]) => START + Math.floor(ms / unit) * unit);

const anyRanges = fc
  .uniqueArray(anyTime, { minLength: 2, maxLength: 10 })
  .map((times) => times.toSorted((a, b) => a - b))
  .map((times) => times.slice(1).map((to, i) => ({ from: times[i]!, to })))
  .chain((ranges) => fc.subarray(ranges));

const anyHour = fc.nat(DAYS * 24 - 1).map((hour) => FIRST_HOUR + hour);

const anyCoverage: fc.Arbitrary<Coverage> = fc
  .record({
    fromHour: fc.oneof(anyHour, fc.constantFrom(0, FIRST_HOUR, Number.POSITIVE_INFINITY)),
    changedHours: fc.array(anyHour, { maxLength: 8 }),
    denseHours: fc.array(anyHour, { maxLength: 8 }),
    changedUnits: fc.array(fc.tuple(anyHour, fc.nat(359)), { maxLength: 8 }),
    leftOut: fc.array(fc.tuple(fc.nat(DAYS - 1), fc.nat(2 ** 24 - 1)), { maxLength: 2 }),
    leftOutOfUnits: fc.boolean(),
  })
  .map(({ fromHour, changedHours, denseHours, changedUnits, leftOut, leftOutOfUnits }) =>
    coverageOf(
      ROLL_UPS[1]!,
      {
        fromHour,
        changedHours: new Map(changedHours.map((hour) => [hour, 1])),
        changedUnits: new Map(changedUnits.map(([hour, unit]) => [hour * 360 + unit, 1])),
        denseHours: new Map(denseHours.map((hour) => [hour, leftOutOfUnits ? 1 << ROLL_UPS[1]!.code : 0])),
      },
      new Map(leftOut.map(([day, bits]) => [FIRST_DAY + day, bits])),
    ),
  );

/** Every span that a split reads, with its source. */
function spansOf({ days, hours, units, logs }: SplitTime) {
  return [
    ...days.map((day) => ({ source: 'day', from: day * DAY_MS, to: (day + 1) * DAY_MS })),
    ...[...hours].flatMap(([day, bits]) =>
      Array.from({ length: 24 }, (_, i) => i)
        .filter((i) => (bits >>> i) & 1)
        .map((i) => day * DAY_MS + i * HOUR_MS)
        .map((from) => ({ source: 'hour', from, to: from + HOUR_MS })),
    ),
    ...units.map((unit) => ({ source: 'unit', from: unit * UNIT_MS, to: (unit + 1) * UNIT_MS })),
    ...logs.map(({ from, to }) => ({ source: 'logs', from, to })),
  ].sort((a, b) => a.from - b.from);
}

describe('splitTime', () => {
  it('covers the ranges exactly once, by cells only where they hold all logs', () => {
    fc.assert(
      fc.property(anyRanges, anyCoverage, (ranges, coverage) => {
        const spans = spansOf(splitTime(ranges, coverage));
        expect(mergedRanges(spans.map(({ from, to }) => ({ from, to })))).toEqual(mergedRanges(ranges));
        // None overlaps the next one.
        for (const [i, { to }] of spans.entries()) expect(to).toBeLessThanOrEqual(spans[i + 1]?.from ?? to);
        for (const { source, from, to } of spans) {
          const hours = Array.from({ length: (to - from) / HOUR_MS }, (_, i) => from / HOUR_MS + i);
          if (source === 'logs') continue;
          expect(from).toBeGreaterThanOrEqual(coverage.fromHour * HOUR_MS);
          if (source === 'unit') {
            expect(coverage.hasUnits(Math.floor(from / HOUR_MS))).toBe(true);
            expect(coverage.holdsUnit(from / UNIT_MS)).toBe(true);
          } else expect(hours.every((hour) => coverage.holdsHour(hour))).toBe(true);
        }
      }),
    );
  });

  it('reads no logs of whole hours that are held', () => {
    fc.assert(
      fc.property(anyRanges, anyCoverage, (ranges, coverage) => {
        const { logs } = splitTime(ranges, coverage);
        for (const range of ranges) {
          for (const { from, to } of clipped(logs, range)) {
            for (let hour = Math.ceil(from / HOUR_MS); (hour + 1) * HOUR_MS <= to; hour++) {
              expect(hour >= coverage.fromHour && coverage.holdsHour(hour)).toBe(false);
            }
          }
        }
      }),
    );
  });

  it('no span crosses the end of a bucket, in any time zone', () => {
    const zones = ['UTC', 'Asia/Kathmandu', 'America/St_Johns', 'Australia/Lord_Howe', 'Europe/Berlin'];
    const intervals = ['FIFTEEN_MINUTES', 'HOUR', 'DAY', 'WEEK'] as const;
    fc.assert(
      fc.property(
        fc.constantFrom(...zones),
        fc.constantFrom(...intervals),
        anyTime,
        anyTime,
        anyCoverage,
        (zone, interval, one, other, coverage) => {
          fc.pre(one !== other);
          const window = { from: Math.min(one, other), to: Math.max(one, other) };
          const buckets = bucketsOf(window, interval, zone, 1);
          const ends = new Set(buckets.flatMap(({ from, to }) => [from, to]));
          for (const { source, from, to } of spansOf(splitTime(clipped(buckets, window), coverage))) {
            if (source !== 'logs') expect([...ends].filter((end) => end > from && end < to)).toEqual([]);
          }
        },
      ),
    );
  });

  it('ends at the last time that a log can have', () => {
    const held = { fromHour: 0, holdsHour: () => true, hasUnits: () => true, holdsUnit: () => true };
    const end = 2 ** 48;
    const spans = spansOf(splitTime([{ from: end - 2 * DAY_MS, to: end }], held));
    expect(spans.at(-1)).toEqual({ source: 'logs', from: Math.floor(end / UNIT_MS) * UNIT_MS, to: end });
    expect(spansOf(splitTime([{ from: 0, to: DAY_MS }], held))).toEqual([
      { source: 'day', from: 0, to: DAY_MS },
    ]);
  });
});
