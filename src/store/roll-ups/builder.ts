import type { StoredValue } from '../../stats/collector.ts';
import { DIMENSIONS } from '../../stats/dimensions.ts';
import { binOf } from '../../stats/duration-bins.ts';
import { MeasuresSum } from '../../stats/measures.ts';
import { encodeCell } from './cell.ts';
import { ROLL_UPS, type RollUp } from './declared.ts';
import { keyText } from './group-key.ts';

/** The fields that the keys of roll-ups are made from. */
export const ROLLED_UP_FIELDS = [
  ...new Set(ROLL_UPS.flatMap(({ by }) => by.map((name) => DIMENSIONS[name].field))),
];

/** The cells of one roll-up for a span of time, by the text of the group's key; null if they exceed the limit. */
export type Cells = ReadonlyMap<string, Uint8Array> | null;

/** More different values than this in one place of a key cannot be numbered. */
const MAX_VALUES = 2 ** 26;

/** Builds the cells of every roll-up from the logs of a span of time, by one pass. */
export class CellBuilder {
  readonly #start: number;
  readonly #numbers = ROLLED_UP_FIELDS.map(() => new Map<StoredValue, number>());
  readonly #values = ROLLED_UP_FIELDS.map((): StoredValue[] => []);
  readonly #current: number[] = ROLLED_UP_FIELDS.map(() => 0);
  readonly #sums = ROLL_UPS.map(() => new Map<number, MeasuresSum>());
  readonly #places = ROLL_UPS.map(({ by }) =>
    by.map((name) => ROLLED_UP_FIELDS.indexOf(DIMENSIONS[name].field)),
  );
  #logs = 0;

  /** @param start the start of the span, in Unix milliseconds. */
  constructor(start: number) {
    this.#start = start;
  }

  /** Number of logs that were added. */
  get logs(): number {
    return this.#logs;
  }

  /** @param values the values of `ROLLED_UP_FIELDS` as the store holds them. */
  add(
    createdAt: number,
    statusCode: number,
    billedUnits: number,
    durationMs: number | null,
    values: readonly StoredValue[],
  ): void {
    this.#logs++;
    for (let i = 0; i < values.length; i++) this.#current[i] = this.#numberOf(i, values[i]!);
    const bin = durationMs === null ? 0 : binOf(durationMs);
    for (let i = 0; i < ROLL_UPS.length; i++) {
      const places = this.#places[i]!;
      let key = 0;
      for (let j = 0; j < places.length; j++) key = key * MAX_VALUES + this.#current[places[j]!]!;
      const sums = this.#sums[i]!;
      let sum = sums.get(key);
      if (sum === undefined) {
        sum = new MeasuresSum();
        sums.set(key, sum);
      }
      sum.addLog(createdAt, statusCode, billedUnits, durationMs, bin);
    }
  }

  /**
   * The cells of every roll-up, in the order of `ROLL_UPS`.
   *
   * @param bytesPerLog the limit for the cells of all roll-ups together.
   */
  finish(bytesPerLog: number): Cells[] {
    let left = bytesPerLog * this.#logs;
    return ROLL_UPS.map((rollUp, i) => {
      const cells = this.#cellsOf(rollUp, i, left);
      if (cells === null) return null;
      left -= cells.bytes;
      return cells.cells;
    });
  }

  #cellsOf(
    { by }: RollUp,
    index: number,
    limit: number,
  ): { cells: Map<string, Uint8Array>; bytes: number } | null {
    const cells = new Map<string, Uint8Array>();
    const places = this.#places[index]!;
    let bytes = 0;
    for (const [number, sum] of this.#sums[index]!) {
      const values: StoredValue[] = [];
      for (let j = places.length - 1, rest = number; j >= 0; j--, rest = Math.floor(rest / MAX_VALUES)) {
        values.unshift(this.#values[places[j]!]![rest % MAX_VALUES]!);
      }
      const key = keyText(values);
      const cell = encodeCell(sum.result(), this.#start);
      cells.set(key, cell);
      bytes += (1 + DAY_SHARE) * cell.length + DAY_SHARE * key.length;
      // All logs together are always kept.
      if (bytes > limit && by.length > 0) return null;
    }
    return { cells, bytes };
  }

  #numberOf(place: number, value: StoredValue): number {
    const numbers = this.#numbers[place]!;
    let number = numbers.get(value);
    if (number === undefined) {
      number = numbers.size;
      numbers.set(value, number);
      this.#values[place]!.push(value);
    }
    return number;
  }
}

/** A key and the cell of the day are stored once for the cells of a day. */
const DAY_SHARE = 0.25;
