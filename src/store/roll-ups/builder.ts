import type { StoredValue } from '../../stats/collector.ts';
import { DIMENSIONS } from '../../stats/dimensions.ts';
import { binOf } from '../../stats/duration-bins.ts';
import { type Measures, MeasuresSum } from '../../stats/measures.ts';
import { encodeCell } from './cell.ts';
import { MAX_GROUPS, ROLL_UPS } from './declared.ts';
import { keyText } from './group-key.ts';
import { groupsForHour } from './groups-for-hour.ts';

/** The fields that the keys of roll-ups are made from. */
export const ROLLED_UP_FIELDS = [
  ...new Set(ROLL_UPS.flatMap(({ by }) => by.map((name) => DIMENSIONS[name].field))),
];

/** The cells of one roll-up for a span of time, by the text of the group's key; null if they exceed the limit. */
export type Cells = ReadonlyMap<string, Uint8Array> | null;

/** For each roll-up, by place in its key: the place among `ROLLED_UP_FIELDS`. */
const PLACES = ROLL_UPS.map(({ by }) => by.map((name) => ROLLED_UP_FIELDS.indexOf(DIMENSIONS[name].field)));

/** For each roll-up: the index of one with more dimensions, whose groups are merged; -1 if the logs are read. */
const SOURCES = ROLL_UPS.map(({ by }) =>
  ROLL_UPS.findIndex(
    (other) => other.by.length > by.length && by.every((name) => other.by.some((one) => one === name)),
  ),
);

/** The groups of one roll-up, by the numbers of the values in their key. */
class Groups {
  /** By the number of the first value if there are two, then by that of the last. */
  readonly #sums: MeasuresSum[][] = [];
  size = 0;

  sumFor(first: number, last: number): MeasuresSum {
    const sums = this.#sums;
    while (sums.length <= first) sums.push([]);
    const row = sums[first]!;
    if (row[last] === undefined) {
      row[last] = new MeasuresSum();
      this.size++;
    }
    return row[last];
  }

  forEach(call: (first: number, last: number, measures: Measures) => void): void {
    // `forEach` skips the holes of an array.
    this.#sums.forEach((row, first) => {
      row.forEach((sum, last) => {
        call(first, last, sum.result());
      });
    });
  }
}

/** The most logs of a batch. They take 8 MB. */
export const MAX_BATCH = 65_536;

/** Logs that are not added to any roll-up yet, as one array for each property. */
class Batch {
  length = 0;
  /** By place among `ROLLED_UP_FIELDS`: the number of each log's value. */
  readonly numbers = ROLLED_UP_FIELDS.map((): number[] => []);
  readonly createdAts: number[] = [];
  readonly statusCodes: number[] = [];
  readonly billedUnits: number[] = [];
  readonly durations: (number | null)[] = [];
  readonly bins: number[] = [];
}

/**
 * Builds the cells of every roll-up from the logs of a span of time, by one pass. A batch of logs is added to one roll-up after
 * another, so that the sums of one are in the CPU's caches meanwhile. Memory is bounded: a roll-up that gets more than `MAX_GROUPS`
 * groups is left out at once.
 */
export class CellBuilder {
  readonly #start: number;
  readonly #numbers = ROLLED_UP_FIELDS.map(() => new Map<StoredValue, number>());
  readonly #values = ROLLED_UP_FIELDS.map((): StoredValue[] => []);
  /** In the order of `ROLL_UPS`; null for a roll-up that is left out. */
  readonly #groups: (Groups | null)[] = ROLL_UPS.map(() => new Groups());
  readonly #sources = [...SOURCES];
  /** The indexes of the roll-ups that logs are added to, and the places whose values they need. */
  #fromLogs = indexesWhere(SOURCES, (source) => source < 0);
  #places = placesOf(this.#fromLogs);
  #logs = 0;
  readonly #batch = new Batch();

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
    const batch = this.#batch;
    const at = batch.length++;
    for (const place of this.#places) batch.numbers[place]![at] = this.#numberOf(place, values[place]!);
    batch.createdAts[at] = createdAt;
    batch.statusCodes[at] = statusCode;
    batch.billedUnits[at] = billedUnits;
    batch.durations[at] = durationMs;
    batch.bins[at] = durationMs === null ? 0 : binOf(durationMs);
    this.#logs++;
    if (batch.length === MAX_BATCH) this.#addBatch();
  }

  /**
   * The cells of every roll-up, in the order of `ROLL_UPS`.
   *
   * @param bytesPerLog the limit for the cells of all roll-ups together.
   * @param bytesPerGroup what the store needs for a group of a day besides its cells.
   */
  finish(bytesPerLog: number, bytesPerGroup = 0): Cells[] {
    this.#addBatch();
    const isMerged = ROLL_UPS.map(() => false);
    const mergeSource = (index: number) => {
      const source = this.#sources[index]!;
      if (source < 0 || isMerged[index]) return;
      isMerged[index] = true;
      mergeSource(source);
      this.#merge(source, index);
    };
    let left = bytesPerLog * this.#logs;
    return ROLL_UPS.map(({ by }, index) => {
      mergeSource(index);
      // All logs together are always kept.
      const cells = this.#cellsOf(index, by.length === 0 ? Number.POSITIVE_INFINITY : left, bytesPerGroup);
      if (cells === null) return null;
      left -= cells.bytes;
      return cells.cells;
    });
  }

  #addBatch(): void {
    for (const index of this.#fromLogs) this.#addBatchTo(index, 0);
    this.#batch.length = 0;
  }

  /** @param start the first log of the batch that is added. */
  #addBatchTo(index: number, start: number): void {
    const { length, numbers, createdAts, statusCodes, billedUnits, durations, bins } = this.#batch;
    const groups = this.#groups[index]!;
    const key = PLACES[index]!.map((place) => numbers[place]!);
    const firsts = key.length === 2 ? key[0]! : null;
    const lasts = key.at(-1) ?? null;
    for (let i = start; i < length; i++) {
      const sum = groups.sumFor(firsts === null ? 0 : firsts[i]!, lasts === null ? 0 : lasts[i]!);
      sum.addLog(createdAts[i]!, statusCodes[i]!, billedUnits[i]!, durations[i]!, bins[i]!);
      if (groups.size <= MAX_GROUPS) continue;
      for (const dependent of this.#leaveOut(index)) this.#addBatchTo(dependent, i + 1);
      return;
    }
  }

  #cellsOf(
    index: number,
    limit: number,
    bytesPerGroup: number,
  ): { cells: Map<string, Uint8Array>; bytes: number } | null {
    const groups = this.#groups[index]!;
    if (groups === null) return null;
    const places = PLACES[index]!;
    const cells = new Map<string, Uint8Array>();
    let bytes = 0;
    let [withOneLog, withTwoLogs] = [0, 0];
    groups.forEach((first, last, measures) => {
      if (bytes > limit) return;
      if (measures.count === 1) withOneLog++;
      else if (measures.count === 2) withTwoLogs++;
      const numbers = places.length === 2 ? [first, last] : [last];
      const key = keyText(places.map((place, i) => this.#values[place]![numbers[i]!]!));
      const cell = encodeCell(measures, this.#start);
      cells.set(key, cell);
      bytes += (1 + DAY_SHARE) * cell.length + DAY_SHARE * key.length;
    });
    bytes += bytesPerGroup * groupsForHour({ logs: this.logs, groups: groups.size, withOneLog, withTwoLogs });
    return bytes > limit ? null : { cells, bytes };
  }

  /** Adds the groups of a roll-up to those of one with fewer dimensions. */
  #merge(source: number, index: number): void {
    const from = PLACES[source]!;
    const kept = PLACES[index]!.map((place) => from.indexOf(place));
    const groups = this.#groups[index]!;
    this.#groups[source]!.forEach((first, last, measures) => {
      const numbers = from.length === 2 ? [first, last] : [last];
      const left = kept.map((place) => numbers[place]!);
      groups.sumFor(left.length === 2 ? left[0]! : 0, left.at(-1) ?? 0).merge(measures);
    });
  }

  /** @returns the roll-ups that would be merged from it: they get what it has, and are made from logs from now on. */
  #leaveOut(index: number): number[] {
    const dependents = indexesWhere(this.#sources, (source) => source === index);
    for (const dependent of dependents) {
      this.#merge(index, dependent);
      this.#sources[dependent] = -1;
    }
    this.#groups[index] = null;
    this.#fromLogs = indexesWhere(this.#sources, (source) => source < 0).filter(
      (one) => this.#groups[one] !== null,
    );
    this.#places = placesOf(this.#fromLogs);
    for (const [place, numbers] of this.#numbers.entries()) {
      if (this.#places.includes(place)) continue;
      numbers.clear();
      this.#values[place] = [];
    }
    return dependents;
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

function indexesWhere(sources: readonly number[], test: (source: number) => boolean): number[] {
  return sources.flatMap((source, index) => (test(source) ? [index] : []));
}

function placesOf(rollUps: readonly number[]): number[] {
  return [...new Set(rollUps.flatMap((index) => PLACES[index]!))];
}

/** A key and the cell of the day are stored once for the cells of a day. */
const DAY_SHARE = 0.25;
