import type { StoredValue } from '../../stats/collector.ts';
import { DIMENSIONS } from '../../stats/dimensions.ts';
import { binOf } from '../../stats/duration-bins.ts';
import { MeasuresSum } from '../../stats/measures.ts';
import { encodeCell } from './cell.ts';
import { MAX_GROUPS, ROLL_UPS, type RollUp } from './declared.ts';
import { keyText } from './group-key.ts';

/** The fields that the keys of roll-ups are made from. */
export const ROLLED_UP_FIELDS = [
  ...new Set(ROLL_UPS.flatMap(({ by }) => by.map((name) => DIMENSIONS[name].field))),
];

/** The cells of one roll-up for a span of time, by the text of the group's key; null if they exceed the limit. */
export type Cells = ReadonlyMap<string, Uint8Array> | null;

/** More different values than this in one place of a key cannot be numbered. */
const MAX_VALUES = 2 ** 26;

/** The roll-ups by their index, and the places among `ROLLED_UP_FIELDS` whose values they need. */
interface Kept {
  readonly rollUps: readonly number[];
  readonly places: readonly number[];
}

/**
 * Builds the cells of every roll-up from the logs of a span of time, by one pass. Its memory is bounded: a roll-up that gets more
 * than `MAX_GROUPS` groups is left out at once.
 */
export class CellBuilder {
  readonly #start: number;
  readonly #numbers = ROLLED_UP_FIELDS.map(() => new Map<StoredValue, number>());
  readonly #values = ROLLED_UP_FIELDS.map((): StoredValue[] => []);
  readonly #current: number[] = ROLLED_UP_FIELDS.map(() => 0);
  /** In the order of `ROLL_UPS`; null for a roll-up that is left out. */
  readonly #sums: (Map<number, MeasuresSum> | null)[] = ROLL_UPS.map(() => new Map());
  #kept = keptOf(ROLL_UPS.map((_, index) => index));
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
    const { rollUps, places } = this.#kept;
    for (let i = 0; i < places.length; i++) {
      const place = places[i]!;
      this.#current[place] = this.#numberOf(place, values[place]!);
    }
    const bin = durationMs === null ? 0 : binOf(durationMs);
    for (let i = 0; i < rollUps.length; i++) {
      const index = rollUps[i]!;
      const ofKey = PLACES[index]!;
      let key = 0;
      for (let j = 0; j < ofKey.length; j++) key = key * MAX_VALUES + this.#current[ofKey[j]!]!;
      const sums = this.#sums[index]!;
      let sum = sums.get(key);
      if (sum === undefined) {
        sum = new MeasuresSum();
        sums.set(key, sum);
        if (sums.size > MAX_GROUPS) this.#leaveOut(index);
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
    const sums = this.#sums[index]!;
    if (sums === null) return null;
    const cells = new Map<string, Uint8Array>();
    const places = PLACES[index]!;
    let bytes = 0;
    for (const [number, sum] of sums) {
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

  #leaveOut(index: number): void {
    this.#sums[index] = null;
    this.#kept = keptOf(this.#kept.rollUps.filter((one) => one !== index));
    for (const [place, numbers] of this.#numbers.entries()) {
      if (this.#kept.places.includes(place)) continue;
      numbers.clear();
      this.#values[place] = [];
    }
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

/** For each roll-up, by place in its key: the place among `ROLLED_UP_FIELDS`. */
const PLACES = ROLL_UPS.map(({ by }) => by.map((name) => ROLLED_UP_FIELDS.indexOf(DIMENSIONS[name].field)));

function keptOf(rollUps: readonly number[]): Kept {
  return { rollUps, places: [...new Set(rollUps.flatMap((index) => PLACES[index]!))] };
}

/** A key and the cell of the day are stored once for the cells of a day. */
const DAY_SHARE = 0.25;
