import { hasBit } from '../../lib/bits.ts';
import { DAY_MS, HOUR_MS, HOURS_OF_DAY } from '../../lib/time-units.ts';
import type { FieldValue } from '../../log/filter.ts';
import type { StoredValue } from '../../stats/collector.ts';
import { DIMENSIONS } from '../../stats/dimensions.ts';
import { MeasuresSum } from '../../stats/measures.ts';
import { decodeCell, encodeCell } from './cell.ts';
import type { RollUpDifference } from './check.ts';
import { type DayCells, readHours } from './day-cells.ts';
import type { RollUp } from './declared.ts';
import { keyValues } from './group-key.ts';

type CellsByKey = ReadonlyMap<string, Uint8Array>;

/** The cells of one roll-up on one day, as they are stored. */
export interface StoredDay {
  readonly day: number;
  /** By the text of the group's key. */
  readonly groups: ReadonlyMap<string, DayCells>;
  /** A bit for each hour that the roll-up leaves out. */
  readonly hoursLeftOut: number;
}

/** Compares stored cells of one organization with those that its logs give, and collects the differences. */
export class Comparison {
  readonly differences: RollUpDifference[] = [];
  readonly #organizationId: string;
  readonly #fieldValue: (field: string, value: StoredValue) => FieldValue;

  /** @param fieldValue the value of a field, from the stored one. */
  constructor(organizationId: string, fieldValue: (field: string, value: StoredValue) => FieldValue) {
    this.#organizationId = organizationId;
    this.#fieldValue = fieldValue;
  }

  /** @param expected the cells of each hour to compare, by its number since 1970. */
  compareDay(
    rollUp: RollUp,
    { day, groups, hoursLeftOut }: StoredDay,
    expected: ReadonlyMap<number, CellsByKey>,
  ): void {
    const stored = new Map<number, Map<string, Uint8Array>>();
    const sums = new Map<string, Uint8Array>();
    for (const [key, { hours }] of groups) {
      const sum = new MeasuresSum();
      unlessDamaged(() =>
        readHours(hours, day, ~0, (cell, start) => {
          const hour = start / HOUR_MS;
          const ofHour = stored.get(hour) ?? new Map<string, Uint8Array>();
          stored.set(hour, ofHour.set(key, cell));
          sum.merge(decodeCell(cell, start));
        }),
      );
      sums.set(key, encodeCell(sum.result(), day * DAY_MS));
    }
    const totals = new Map([...groups].map(([key, { total }]) => [key, total]));
    this.compareSpan(rollUp, day * DAY_MS, DAY_MS, totals, sums);
    for (const [hour, cells] of expected) {
      const isLeftOut = hasBit(hoursLeftOut, hour % HOURS_OF_DAY);
      this.compareSpan(
        rollUp,
        hour * HOUR_MS,
        HOUR_MS,
        stored.get(hour) ?? NO_CELLS,
        isLeftOut ? NO_CELLS : cells,
      );
    }
  }

  /** @param start Unix milliseconds. @param length in milliseconds. */
  compareSpan(rollUp: RollUp, start: number, length: number, stored: CellsByKey, expected: CellsByKey): void {
    const countOf = (cell: Uint8Array | undefined) =>
      cell === undefined ? null : unlessDamaged(() => decodeCell(cell, start).count);
    for (const key of new Set([...stored.keys(), ...expected.keys()])) {
      const [cell, actual] = [stored.get(key), expected.get(key)];
      if (cell !== undefined && actual !== undefined && Buffer.compare(cell, actual) === 0) continue;
      const values = unlessDamaged(() => keyValues(key)) ?? [];
      this.differences.push({
        organizationId: this.#organizationId,
        start,
        length,
        key: rollUp.by.map((dimension, place) => {
          const { field, textOf } = DIMENSIONS[dimension];
          return { dimension, value: textOf(this.#fieldValue(field, values[place] ?? null)) };
        }),
        stored: countOf(cell),
        actual: countOf(actual),
      });
    }
  }
}

const NO_CELLS: CellsByKey = new Map();

/** The result; null if it cannot be read. */
export function unlessDamaged<T>(read: () => T): T | null {
  try {
    return read();
  } catch {
    return null;
  }
}
