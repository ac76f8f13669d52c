import { BIN_COUNT, binOf } from './duration-bins.ts';

/*
 * An encoded sketch lists the bins that are not empty, in ascending order. Each bin is a varint of its count times 2, plus
 * 1 if bins before it are empty; a varint of the number of those bins follows. Varints are little-endian groups of 7 bits.
 */

/** Counts durations by bin. Merging sketches and adding all of their values give the same bytes, in every order. */
export class Sketch {
  /** The bins of the first values; null once there are more than `MAX_FEW`. Most groups of a question have few logs. */
  #few: number[] | null = [];
  /** By bin; as long as the highest bin requires. */
  readonly #counts: number[] = [];

  /** @param duration whole milliseconds, from 0 to the maximum of the field `durationMs`. */
  add(duration: number): void {
    const bin = binOf(duration);
    if (this.#few === null) this.#increase(bin, 1);
    else if (this.#few.push(bin) > MAX_FEW) this.#spread();
  }

  /** @throws Error if the bytes are not an encoded sketch. */
  merge(encoded: Uint8Array): void {
    if (this.#few !== null) this.#spread();
    const reader = new SketchReader(encoded);
    while (reader.next()) this.#increase(reader.bin, reader.count);
  }

  encode(): Uint8Array<ArrayBuffer> {
    if (this.#few !== null) this.#spread();
    const counts = this.#counts;
    let [end, empty] = [0, 0];
    for (let bin = 0; bin < counts.length; bin++) {
      const count = counts[bin]!;
      if (count === 0) {
        empty++;
        continue;
      }
      end = writeVarint(count * 2 + (empty > 0 ? 1 : 0), end);
      if (empty > 0) end = writeVarint(empty, end);
      empty = 0;
    }
    return scratch.slice(0, end);
  }

  #spread(): void {
    for (const bin of this.#few ?? []) this.#increase(bin, 1);
    this.#few = null;
  }

  #increase(bin: number, count: number): void {
    const counts = this.#counts;
    while (counts.length <= bin) counts.push(0);
    counts[bin]! += count;
  }
}

const MAX_FEW = 16;

/** Reads an encoded sketch bin by bin: `bin` and `count` describe the current one after `next` returned true. */
export class SketchReader {
  bin = -1;
  count = 0;
  readonly #bytes: Uint8Array;
  #at = 0;

  constructor(encoded: Uint8Array) {
    this.#bytes = encoded;
  }

  /** @throws Error if the bytes are not an encoded sketch. */
  next(): boolean {
    if (this.#at === this.#bytes.length) return false;
    const head = this.#varint();
    this.count = Math.floor(head / 2);
    this.bin += 1 + (head % 2 === 1 ? this.#varint() : 0);
    if (this.#at > this.#bytes.length || this.count === 0 || this.bin >= BIN_COUNT) {
      throw new Error('The duration sketch is corrupt.');
    }
    return true;
  }

  #varint(): number {
    let byte = this.#bytes[this.#at++]!;
    if (byte < 128) return byte;
    let value = byte - 128;
    for (let scale = 128; byte >= 128; scale *= 128) {
      byte = this.#bytes[this.#at++]!;
      value += (byte & 127) * scale;
    }
    return value;
  }
}

const VARINT_BYTES = 8;
const scratch = new Uint8Array(BIN_COUNT * VARINT_BYTES * 2);

/** Writes into the scratch bytes and returns the position after the varint. */
function writeVarint(value: number, at: number): number {
  let rest = value;
  let end = at;
  for (; rest >= 128; rest = Math.floor(rest / 128)) scratch[end++] = (rest % 128) + 128;
  scratch[end++] = rest;
  return end;
}
