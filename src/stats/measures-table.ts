import { type Durations, percentilesOf, READY_PERCENTILES } from './durations.ts';
import type { Measures } from './measures.ts';

/**
 * Measures of many sets of logs, as columns: a thread sends them to another one without a copy. A number that is null is NaN.
 */
export interface MeasuresTable {
  /** `WIDTH` numbers for each row. */
  readonly numbers: Float64Array<ArrayBuffer>;
  /** The encoded sketches of all rows, one after another. */
  readonly sketches: Uint8Array<ArrayBuffer>;
  /** By row: the end of its sketch. */
  readonly sketchEnds: Uint32Array<ArrayBuffer>;
}

const FIRST_PERCENTILE = 10;
const WIDTH = FIRST_PERCENTILE + READY_PERCENTILES.length;

/** @param rows the sets, in the order of the table's rows; null for a set without logs. */
export function measuresTable(rows: readonly (Measures | null)[]): MeasuresTable {
  const numbers = new Float64Array(rows.length * WIDTH);
  const sketchEnds = new Uint32Array(rows.length);
  const sketches: Uint8Array[] = [];
  let end = 0;
  rows.forEach((measures, row) => {
    if (measures === null) numbers.set(EMPTY, row * WIDTH);
    else {
      writeNumbers(numbers, row * WIDTH, measures);
      sketches.push(measures.durations.sketch);
      end += measures.durations.sketch.length;
    }
    sketchEnds[row] = end;
  });
  const all = new Uint8Array(end);
  let at = 0;
  for (const sketch of sketches) {
    all.set(sketch, at);
    at += sketch.length;
  }
  return { numbers, sketches: all, sketchEnds };
}

const NONE = Number.NaN;
const EMPTY = [0, 0, 0, 0, NONE, NONE, 0, 0, NONE, NONE, ...READY_PERCENTILES.map(() => NONE)];

function writeNumbers(numbers: Float64Array, at: number, measures: Measures): void {
  const { durations } = measures;
  numbers[at] = measures.count;
  numbers[at + 1] = measures.clientErrorCount;
  numbers[at + 2] = measures.serverErrorCount;
  numbers[at + 3] = measures.billedUnits;
  numbers[at + 4] = measures.firstCreatedAt ?? NONE;
  numbers[at + 5] = measures.lastCreatedAt ?? NONE;
  numbers[at + 6] = durations.count;
  numbers[at + 7] = durations.sum;
  numbers[at + 8] = durations.min ?? NONE;
  numbers[at + 9] = durations.max ?? NONE;
  const percentiles = durations.percentiles ?? percentilesOf(durations, READY_PERCENTILES);
  for (let i = 0; i < percentiles.length; i++) numbers[at + FIRST_PERCENTILE + i] = percentiles[i] ?? NONE;
}

/** One row of a table. It reads each number when it is asked for. */
export class MeasuresRow implements Measures {
  readonly #table: MeasuresTable;
  readonly #row: number;

  constructor(table: MeasuresTable, row: number) {
    this.#table = table;
    this.#row = row;
  }

  get count(): number {
    return this.#number(0);
  }
  get clientErrorCount(): number {
    return this.#number(1);
  }
  get serverErrorCount(): number {
    return this.#number(2);
  }
  get billedUnits(): number {
    return this.#number(3);
  }
  get firstCreatedAt(): number | null {
    return orNull(this.#number(4));
  }
  get lastCreatedAt(): number | null {
    return orNull(this.#number(5));
  }
  get durations(): Durations {
    const { sketches, sketchEnds } = this.#table;
    return {
      count: this.#number(6),
      sum: this.#number(7),
      min: orNull(this.#number(8)),
      max: orNull(this.#number(9)),
      sketch: sketches.subarray(this.#row === 0 ? 0 : sketchEnds[this.#row - 1], sketchEnds[this.#row]),
    };
  }

  /** As `percentilesOf`, for one percentile. */
  percentile(percentage: number): number | null {
    const ready = (READY_PERCENTILES as readonly number[]).indexOf(percentage);
    if (ready >= 0) return orNull(this.#number(FIRST_PERCENTILE + ready));
    return percentilesOf(this.durations, [percentage])[0]!;
  }

  #number(column: number): number {
    return this.#table.numbers[this.#row * WIDTH + column]!;
  }
}

function orNull(value: number): number | null {
  return Number.isNaN(value) ? null : value;
}
