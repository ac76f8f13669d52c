import { deserialize, serialize } from 'node:v8';
import { freeMemory } from '../../../lib/free-memory.ts';
import type { InsertRow } from './insert-row.ts';

/** Rows of one call of `insert`. */
export interface InsertBatch {
  readonly rows: readonly InsertRow[] | PackedRows;
  /** Null: the rows may belong to any organization; see `InsertOptions`. */
  readonly ofOrganization: string | null;
}

/** Memory that is shared with the thread that stores: 1 if its transaction should be interrupted, 0 if not. */
export type Interruption = Int32Array<SharedArrayBuffer>;

/** Rows as bytes, which take a third of the memory of the rows, and none that the garbage collector has to visit. */
export interface PackedRows {
  /** Number of rows. */
  readonly length: number;
  readonly pieces: readonly Uint8Array[];
}

/** Rows of one piece. The thread that stores them unpacks one piece at a time, and can be interrupted between two. */
const PIECE_ROWS = 200;

/** Packs rows to be sent to another thread, which costs no more than sending the rows themselves. */
export function packRows(rows: readonly InsertRow[]): PackedRows {
  const pieces: Uint8Array[] = [];
  for (let from = 0; from < rows.length; from += PIECE_ROWS) {
    pieces.push(serialize(rows.slice(from, from + PIECE_ROWS)));
  }
  return { length: rows.length, pieces };
}

/** Frees the memory of packed rows that are not needed any more. */
export function freeRows(rows: InsertBatch['rows']): void {
  if ('pieces' in rows) for (const piece of rows.pieces) freeMemory(piece);
}

/** The rows in their order, packed or not, in the pieces in which they are unpacked. */
export function* piecesOf(rows: InsertBatch['rows']): Generator<readonly InsertRow[]> {
  if (!('pieces' in rows)) yield rows;
  else for (const piece of rows.pieces) yield deserialize(piece) as InsertRow[];
}

/** The rows without the first ones, whose number is that of all rows of some pieces. */
export function rowsAfter(rows: InsertBatch['rows'], count: number): InsertBatch['rows'] {
  if (!('pieces' in rows)) return rows.slice(count);
  return { length: rows.length - count, pieces: rows.pieces.slice(Math.ceil(count / PIECE_ROWS)) };
}
