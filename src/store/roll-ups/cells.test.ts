import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DAY_MS, HOUR_MS } from '../../lib/time-units.ts';
import { boundsOf, FIELDS } from '../../log/fields.ts';
import { MeasuresSum } from '../../stats/measures.ts';
import { decodeCell, encodeCell } from './cell.ts';
import { type DayCells, readHourMeasures, readHours, withHours } from './day-cells.ts';
import { encodeUnit, readUnit } from './unit-cells.ts';

const MAX_DURATION = boundsOf(FIELDS.durationMs).max;
const DAY = 20_500;

interface Measured {
  readonly at: number;
  readonly status: number;
  readonly units: number;
  readonly duration: number | null;
}

const anyMeasured = (length: number): fc.Arbitrary<Measured> =>
  fc.record({
    at: fc.integer({ min: 0, max: length - 1 }),
    status: fc.constantFrom(100, 200, 399, 400, 499, 500, 599),
    units: fc.constantFrom(0, 1, 2 ** 31 - 1),
    duration: fc.option(fc.oneof(fc.integer({ min: 0, max: 300 }), fc.constantFrom(0, MAX_DURATION))),
  });

function sumOf(logs: readonly Measured[], start: number): MeasuresSum {
  const sum = new MeasuresSum();
  for (const { at, status, units, duration } of logs) sum.addLog(start + at, status, units, duration);
  return sum;
}

const cellOf = (logs: readonly Measured[], start: number) => encodeCell(sumOf(logs, start).result(), start);

/** For some hours of a day: the logs of the hour; none if it has lost all of them. */
const anyHours = fc
  .array(fc.tuple(fc.nat(23), fc.array(anyMeasured(HOUR_MS), { maxLength: 5 })), { maxLength: 6 })
  .map((hours) => new Map(hours));

describe('a cell', () => {
  it('keeps the measures, at any time that a log can have', () => {
    const start = fc.constantFrom(0, HOUR_MS, 2 ** 48 - 2 ** 48 / 9 - (2 ** 48 % HOUR_MS), DAY * DAY_MS);
    fc.assert(
      fc.property(fc.array(anyMeasured(HOUR_MS), { minLength: 1 }), start, (logs, time) => {
        const measures = sumOf(logs, Math.floor(time)).result();
        expect(decodeCell(encodeCell(measures, Math.floor(time)), Math.floor(time))).toEqual(measures);
      }),
    );
  });

  it('that is cut off anywhere is refused', () => {
    const cell = cellOf([{ at: 5, status: 200, units: 3, duration: 1_000 }], 0);
    for (let length = 0; length < cell.length; length++) {
      expect(() => decodeCell(cell.subarray(0, length), 0)).toThrow('end before');
    }
  });
});

describe('the cells of a day', () => {
  it('equal those of the logs after any replacements of hours', () => {
    fc.assert(
      fc.property(fc.array(anyHours, { minLength: 1, maxLength: 5 }), (replacements) => {
        const hours = new Map<number, readonly Measured[]>();
        let cells: DayCells | undefined;
        for (const changed of replacements) {
          for (const [hour, logs] of changed) hours.set(hour, logs);
          const changes = new Map(
            [...changed].map(([hour, logs]) => [
              hour,
              logs.length === 0 ? undefined : cellOf(logs, DAY * DAY_MS + hour * HOUR_MS),
            ]),
          );
          const before = cells;
          cells = withHours(before, DAY, changes);
          // The same replacement once more changes nothing.
          expect(withHours(cells, DAY, changes)).toBe(cells);
        }
        const all = [...hours].flatMap(([hour, logs]) =>
          logs.map((log) => ({ ...log, at: log.at + hour * HOUR_MS })),
        );
        if (all.length === 0) {
          expect(cells).toBeUndefined();
          return;
        }
        expect(cells!.total).toEqual(cellOf(all, DAY * DAY_MS));
        const read = new Map<number, Uint8Array>();
        readHours(cells!.hours, DAY, ~0, (cell, start) => read.set(start, cell));
        for (const [hour, logs] of hours) {
          const start = DAY * DAY_MS + hour * HOUR_MS;
          expect(read.get(start) ?? null).toEqual(logs.length === 0 ? null : cellOf(logs, start));
        }
      }),
    );
  });

  it('are read for the selected hours only', () => {
    const one = cellOf([{ at: 0, status: 200, units: 0, duration: null }], DAY * DAY_MS);
    const cells = withHours(undefined, DAY, new Map([0, 7, 23].map((hour) => [hour, one])))!;
    fc.assert(
      fc.property(fc.subarray([0, 3, 7, 23]), (selected) => {
        const read: number[] = [];
        const mask = selected.reduce((bits, hour) => bits | (1 << hour), 0);
        readHours(cells.hours, DAY, mask, (_, start) => read.push((start - DAY * DAY_MS) / HOUR_MS));
        expect(read).toEqual([0, 7, 23].filter((hour) => selected.includes(hour)));
      }),
    );
  });

  it('are refused, and read to an end, if they are damaged', () => {
    const one = cellOf([{ at: 9, status: 200, units: 1, duration: 500 }], DAY * DAY_MS);
    const { hours } = withHours(undefined, DAY, new Map([0, 7, 23].map((hour) => [hour, one])))!;
    const read = (bytes: Uint8Array) => readHourMeasures(bytes, DAY, ~0, () => {});
    for (const length of [1, 2, 5, hours.length - 1]) {
      expect(() => read(hours.subarray(0, length))).toThrow('end before');
    }
    expect(() => read(Uint8Array.from([24, 1, 0]))).toThrow('hour');
    fc.assert(
      fc.property(fc.nat(hours.length - 1), fc.nat(255), (at, byte) => {
        const damaged = hours.slice();
        damaged[at] = byte;
        try {
          read(damaged);
        } catch (error) {
          expect(error).toBeInstanceOf(Error);
        }
      }),
    );
  });
});

it('the cells of a unit keep every key, and are refused if they are cut off', () => {
  const anyKeys = fc.uniqueArray(fc.oneof(fc.string(), fc.constantFrom('["𝒳",null]', '["é"]')), {
    maxLength: 9,
  });
  fc.assert(
    fc.property(anyKeys, (keys) => {
      const cells = new Map(keys.map((key, i) => [key, Uint8Array.of(i % 256, 1)]));
      const encoded = encodeUnit(cells);
      const read = new Map<string, Uint8Array>();
      readUnit(encoded, (key, cell) => read.set(key, cell));
      expect(read).toEqual(cells);
      if (encoded.length > 0) expect(() => readUnit(encoded.subarray(0, -1), () => undefined)).toThrow();
    }),
  );
});
