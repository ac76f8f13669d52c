/*
 * Integers from 0 to 2^53 - 1 in little-endian groups of 7 bits.
 */

/** The most bytes that a varint takes. */
export const MAX_VARINT_BYTES = 8;

/** Writes a varint at a position. @returns the position after it. */
export function writeVarint(bytes: Uint8Array, at: number, value: number): number {
  let rest = value;
  let end = at;
  for (; rest >= 128; rest = Math.floor(rest / 128)) bytes[end++] = (rest % 128) + 128;
  bytes[end++] = rest;
  return end;
}

/** Reads varints one after another. At the end of the bytes, a value is NaN. */
export class VarintReader {
  readonly bytes: Uint8Array;
  at: number;

  constructor(bytes: Uint8Array, at = 0) {
    this.bytes = bytes;
    this.at = at;
  }

  get isAtEnd(): boolean {
    return this.at >= this.bytes.length;
  }

  next(): number {
    let byte = this.bytes[this.at++]!;
    if (byte < 128) return byte;
    let value = byte - 128;
    for (let scale = 128; byte >= 128; scale *= 128) {
      byte = this.bytes[this.at++]!;
      value += (byte & 127) * scale;
    }
    return value;
  }

  /** The next bytes, without a copy. @throws Error if there are not as many. */
  take(length: number): Uint8Array {
    const end = this.at + length;
    // Also if the length is NaN.
    if (!(end <= this.bytes.length)) throw new Error('The bytes end before a value does.');
    // `subarray` of a `Buffer` takes three times as long.
    const taken = new Uint8Array(this.bytes.buffer, this.bytes.byteOffset + this.at, length);
    this.at = end;
    return taken;
  }
}
