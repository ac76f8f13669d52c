import { hasBit } from '../../lib/bits.ts';
import { DAY_MS, HOUR_MS, HOURS_OF_DAY } from '../../lib/time-units.ts';
import { VarintReader } from '../../lib/varint.ts';
import { type Measures, MeasuresSum } from '../../stats/measures.ts';
import { concatenated, varintBytes } from './bytes.ts';
import { decodeCell, encodeCell, readCell } from './cell.ts';

/**
 * The cells of one group on a UTC day. Days are numbered since 1970, hours from 0 to 23.
 *
 * `hours` lists the hours with logs: for each, its number, the length of its cell, and the cell. `total` is the cell of the day.
 */
export interface DayCells {
  readonly total: Uint8Array;
  readonly hours: Uint8Array;
}

/**
 * Replaces the cells of some hours.
 *
 * @param before undefined if the day has no cells.
 * @param changed by hour: the cell; undefined if the hour has no logs.
 * @returns the same object if nothing changes; undefined if the day has no cells any more.
 */
export function withHours(
  before: DayCells | undefined,
  day: number,
  changed: ReadonlyMap<number, Uint8Array | undefined>,
): DayCells | undefined {
  const hours = before === undefined ? new Map<number, Uint8Array>() : hourCells(before.hours);
  const different = [...changed].filter(([hour, cell]) => !isSame(hours.get(hour), cell));
  if (different.length === 0) return before;
  const isNew = different.every(([hour]) => !hours.has(hour));
  for (const [hour, cell] of different) {
    if (cell === undefined) hours.delete(hour);
    else hours.set(hour, cell);
  }
  if (hours.size === 0) return undefined;
  const sum = new MeasuresSum();
  // A sum does not forget a value, so it is made anew if an hour had a cell before.
  if (before !== undefined && isNew) sum.merge(decodeCell(before.total, day * DAY_MS));
  for (const [hour, cell] of before !== undefined && isNew ? different : hours) {
    if (cell !== undefined) sum.merge(decodeCell(cell, day * DAY_MS + hour * HOUR_MS));
  }
  const parts = [...hours]
    .sort(([a], [b]) => a - b)
    .flatMap(([hour, cell]) => [varintBytes(hour), varintBytes(cell.length), cell]);
  return { total: encodeCell(sum.result(), day * DAY_MS), hours: concatenated(parts) };
}

function isSame(a: Uint8Array | undefined, b: Uint8Array | undefined): boolean {
  if (a === undefined || b === undefined) return a === b;
  return Buffer.compare(a, b) === 0;
}

function hourCells(hours: Uint8Array): Map<number, Uint8Array> {
  const cells = new Map<number, Uint8Array>();
  readHours(hours, 0, ALL_HOURS, (cell, start) => cells.set(start / HOUR_MS, cell));
  return cells;
}
const ALL_HOURS = 2 ** HOURS_OF_DAY - 1;

/**
 * Calls `add` with the cell of each selected hour and the start of its span.
 *
 * @param selected a bit for each hour.
 * @throws Error if the bytes are damaged.
 */
export function readHours(
  hours: Uint8Array,
  day: number,
  selected: number,
  add: (cell: Uint8Array, start: number) => void,
): void {
  readEach(hours, day, selected, (reader, length, start) => add(reader.take(length), start));
}

/** The same with the measures of each hour. It makes no view of each cell: views take a third of the time. */
export function readHourMeasures(
  hours: Uint8Array,
  day: number,
  selected: number,
  add: (measures: Measures, start: number) => void,
): void {
  readEach(hours, day, selected, (reader, _length, start) => add(readCell(reader, start), start));
}

/** @param read has to move the reader to the end of the cell. */
function readEach(
  hours: Uint8Array,
  day: number,
  selected: number,
  read: (reader: VarintReader, length: number, start: number) => void,
): void {
  const reader = new VarintReader(hours);
  while (!reader.isAtEnd) {
    const hour = reader.next();
    const length = reader.next();
    const end = reader.at + length;
    if (!(end <= hours.length)) throw new Error('The cells of a day end before the last one does.');
    if (!(hour < HOURS_OF_DAY)) throw new Error('The cells of a day name an hour that it does not have.');
    if (hasBit(selected, hour)) {
      read(reader, length, day * DAY_MS + hour * HOUR_MS);
      if (reader.at !== end) throw new Error('A cell of a day is longer or shorter than it says.');
    }
    reader.at = end;
  }
}
