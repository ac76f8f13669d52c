import { DAY_MS, HOUR_MS } from '../../lib/time-units.ts';
import { VarintReader } from '../../lib/varint.ts';
import { MeasuresSum } from '../../stats/measures.ts';
import { concatenated, varintBytes } from './bytes.ts';
import { decodeCell, encodeCell } from './cell.ts';

/*
 * The cells of one group on a UTC day: the cell of the whole day with its length before it, then, for each hour with logs, its
 * number, the length of its cell, and the cell. With one hour only, the length of the day's cell is 0: it has the same measures.
 */

/** The cells of a day by hour, 0 to 23. */
export type HourCells = ReadonlyMap<number, Uint8Array>;

/** @param day the day as a number of days since 1970. */
export function encodeDay(hours: HourCells, day: number): Uint8Array {
  const parts: Uint8Array[] = [];
  if (hours.size > 1) {
    const sum = new MeasuresSum();
    for (const [hour, cell] of hours) sum.merge(decodeCell(cell, day * DAY_MS + hour * HOUR_MS));
    const total = encodeCell(sum.result(), day * DAY_MS);
    parts.push(varintBytes(total.length), total);
  } else parts.push(varintBytes(0));
  for (const [hour, cell] of [...hours].sort(([a], [b]) => a - b)) {
    parts.push(varintBytes(hour), varintBytes(cell.length), cell);
  }
  return concatenated(parts);
}

export function decodeDay(bytes: Uint8Array): Map<number, Uint8Array> {
  const reader = new VarintReader(bytes);
  reader.take(reader.next());
  const hours = new Map<number, Uint8Array>();
  while (!reader.isAtEnd) {
    const hour = reader.next();
    hours.set(hour, reader.take(reader.next()));
  }
  return hours;
}

/** Calls `add` with the cell of the whole day and the start of its span. */
export function readDay(
  bytes: Uint8Array,
  day: number,
  add: (cell: Uint8Array, start: number) => void,
): void {
  const reader = new VarintReader(bytes);
  const length = reader.next();
  if (length > 0) add(reader.take(length), day * DAY_MS);
  else readHours(bytes, day, ~0, add);
}

/**
 * Calls `add` with the cell of each selected hour and the start of its span.
 *
 * @param selected a bit for each hour.
 */
export function readHours(
  bytes: Uint8Array,
  day: number,
  selected: number,
  add: (cell: Uint8Array, start: number) => void,
): void {
  const reader = new VarintReader(bytes);
  reader.take(reader.next());
  while (!reader.isAtEnd) {
    const hour = reader.next();
    const cell = reader.take(reader.next());
    if ((selected >>> hour) & 1) add(cell, day * DAY_MS + hour * HOUR_MS);
  }
}
