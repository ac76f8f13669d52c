import type { StoredValue } from '../../stats/collector.ts';
import { DIMENSIONS } from '../../stats/dimensions.ts';
import { binOf } from '../../stats/duration-bins.ts';
import { type Measures, MeasuresSum } from '../../stats/measures.ts';
import { encodeCell } from './cell.ts';
import { ROLL_UPS } from './declared.ts';
import { keyText } from './group-key.ts';

/** The fields that the keys of roll-ups are made from. */
export const ROLLED_UP_FIELDS = [
  ...new Set(ROLL_UPS.flatMap(({ by }) => by.map((name) => DIMENSIONS[name].field))),
];

/** The cells of one roll-up for a span of time, by the text of the group's key; null if they exceed the limit. */
export type Cells = ReadonlyMap<string, Uint8Array> | null;

/** How the groups of a roll-up are made. Places are those of fields in `ROLLED_UP_FIELDS`. */
interface Making {
  readonly places: readonly number[];
  /** The index of a roll-up with more dimensions, whose groups are merged; -1 if the logs are read. */
  readonly source: number;
}

const MAKINGS: readonly Making[] = ROLL_UPS.map(({ by }) => ({
  places: by.map((name) => ROLLED_UP_FIELDS.indexOf(DIMENSIONS[name].field)),
  source: ROLL_UPS.findIndex(
    (other) => other.by.length > by.length && by.every((name) => other.by.some((one) => one === name)),
  ),
}));

/** A group, by the number of the value in each place of its key. */
interface Group {
  readonly numbers: readonly number[];
  readonly measures: Measures;
}

/** Builds the cells of every roll-up from the logs of a span of time, by one pass. */
export class CellBuilder {
  readonly #start: number;
  readonly #numbers = ROLLED_UP_FIELDS.map(() => new Map<StoredValue, number>());
  readonly #values = ROLLED_UP_FIELDS.map((): StoredValue[] => []);
  readonly #current: number[] = ROLLED_UP_FIELDS.map(() => 0);
  /** For the roll-ups that are made from logs: by the number of the first value if there are two, then by that of the last. */
  readonly #sums = ROLL_UPS.map((): MeasuresSum[][] => []);
  #logs = 0;

  /** @param start the start of the span, in Unix milliseconds. */
  constructor(start: number) {
    this.#start = start;
  }

  /** Number of logs that were added. */
  get logs(): number {
    return this.#logs;
  }

  /** @param values those of `ROLLED_UP_FIELDS` as the store holds them; more may follow. */
  add(
    createdAt: number,
    statusCode: number,
    billedUnits: number,
    durationMs: number | null,
    values: readonly StoredValue[],
  ): void {
    this.#logs++;
    const current = this.#current;
    for (let i = 0; i < current.length; i++) current[i] = this.#numberOf(i, values[i]!);
    const bin = durationMs === null ? 0 : binOf(durationMs);
    for (let i = 0; i < MAKINGS.length; i++) {
      const { places, source } = MAKINGS[i]!;
      if (source >= 0) continue;
      const first = places.length === 1 ? 0 : current[places[0]!]!;
      const last = current[places[places.length - 1]!]!;
      const sums = this.#sums[i]!;
      while (sums.length <= first) sums.push([]);
      sums[first]![last] ??= new MeasuresSum();
      sums[first]![last].addLog(createdAt, statusCode, billedUnits, durationMs, bin);
    }
  }

  /**
   * The cells of every roll-up, in the order of `ROLL_UPS`.
   *
   * @param bytesPerLog the limit for the cells of all roll-ups together.
   */
  finish(bytesPerLog: number): Cells[] {
    const groups: (Group[] | undefined)[] = [];
    const groupsOf = (i: number): Group[] => {
      const { places, source } = MAKINGS[i]!;
      groups[i] ??=
        source < 0
          ? groupsOfLogs(places, this.#sums[i]!)
          : merged(groupsOf(source), places, MAKINGS[source]!);
      return groups[i];
    };
    let left = bytesPerLog * this.#logs;
    return ROLL_UPS.map(({ by }, i) => {
      // All logs together are always kept.
      const cells = this.#cellsOf(
        groupsOf(i),
        MAKINGS[i]!,
        by.length === 0 ? Number.POSITIVE_INFINITY : left,
      );
      if (cells === null) return null;
      left -= cells.bytes;
      return cells.cells;
    });
  }

  #cellsOf(
    groups: readonly Group[],
    { places }: Making,
    limit: number,
  ): { cells: Map<string, Uint8Array>; bytes: number } | null {
    const cells = new Map<string, Uint8Array>();
    let bytes = 0;
    for (const { numbers, measures } of groups) {
      const key = keyText(numbers.map((number, i) => this.#values[places[i]!]![number]!));
      const cell = encodeCell(measures, this.#start);
      cells.set(key, cell);
      bytes += (1 + DAY_SHARE) * cell.length + DAY_SHARE * key.length;
      if (bytes > limit) return null;
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

function groupsOfLogs(places: readonly number[], sums: readonly (readonly MeasuresSum[])[]): Group[] {
  const groups: Group[] = [];
  sums.forEach((row, first) => {
    // Without the holes of the array.
    row.forEach((sum, last) => {
      groups.push({ numbers: places.length === 1 ? [last] : [first, last], measures: sum.result() });
    });
  });
  return groups;
}

/** @param places of the dimensions that are kept. */
function merged(groups: readonly Group[], places: readonly number[], source: Making): Group[] {
  const kept = places.map((place) => source.places.indexOf(place));
  const sums = new Map<string, { numbers: number[]; sum: MeasuresSum }>();
  for (const { numbers, measures } of groups) {
    const left = kept.map((place) => numbers[place]!);
    const text = left.join();
    let known = sums.get(text);
    if (known === undefined) {
      known = { numbers: left, sum: new MeasuresSum() };
      sums.set(text, known);
    }
    known.sum.merge(measures);
  }
  return [...sums.values()].map(({ numbers, sum }) => ({ numbers, measures: sum.result() }));
}

/** A key and the cell of the day are stored once for the cells of a day. */
const DAY_SHARE = 0.25;
