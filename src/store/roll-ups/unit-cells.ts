import { VarintReader } from '../../lib/varint.ts';
import { concatenated, varintBytes } from './bytes.ts';

/*
 * The cells of all groups in a unit of ten seconds: for each group, the length of its key, the key, the length of its cell, and the
 * cell.
 */

const encoder = new TextEncoder();
const decoder = new TextDecoder();

/** @param cells by the text of the group's key. */
export function encodeUnit(cells: ReadonlyMap<string, Uint8Array>): Uint8Array {
  return concatenated(
    [...cells].flatMap(([text, cell]) => {
      const key = encoder.encode(text);
      return [varintBytes(key.length), key, varintBytes(cell.length), cell];
    }),
  );
}

/** Calls `add` with the key and the cell of each group. */
export function readUnit(bytes: Uint8Array, add: (key: string, cell: Uint8Array) => void): void {
  const reader = new VarintReader(bytes);
  while (!reader.isAtEnd) {
    const key = decoder.decode(reader.take(reader.next()));
    add(key, reader.take(reader.next()));
  }
}
