import { type Durations, percentilesOf } from './durations.ts';
import type { Measures, MeasuresSum } from './measures.ts';

/** The percentiles that a table has ready, in ascending order; others are read from a row's sketch. */
export const READY_PERCENTILES = [50, 90, 95, 99] as const;

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

/** @param rows the sets, in the order of the table's rows. */
export function measuresTable(rows: readonly MeasuresSum[]): MeasuresTable {
  const numbers = new Float64Array(rows.length * WIDTH);
  const sketchEnds = new Uint32Array(rows.length);
  const sketches: Uint8Array[] = [];
  let end = 0;
  rows.forEach((sum, row) => {
    const { durations, ...measures } = sum.result();
    numbers.set(
      [
        measures.count,
        measures.clientErrorCount,
        measures.serverErrorCount,
        measures.billedUnits,
        measures.firstCreatedAt ?? Number.NaN,
        measures.lastCreatedAt ?? Number.NaN,
        durations.count,
        durations.sum,
        durations.min ?? Number.NaN,
        durations.max ?? Number.NaN,
        ...percentilesOf(durations, READY_PERCENTILES).map((value) => value ?? Number.NaN),
      ],
      row * WIDTH,
    );
    sketches.push(durations.sketch);
    end += durations.sketch.length;
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
