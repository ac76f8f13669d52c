import { MAX_VARINT_BYTES, VarintReader, writeVarint } from '../lib/varint.ts';
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
    this.addBin(binOf(duration));
  }

  /**
   * Adds durations of one bin.
   *
   * @param bin as `binOf` returns it.
   * @param count 1 or more.
   */
  addBin(bin: number, count = 1): void {
    if (count > 1) this.#spread();
    if (this.#few === null) this.#increase(bin, count);
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
      end = writeVarint(scratch, end, count * 2 + (empty > 0 ? 1 : 0));
      if (empty > 0) end = writeVarint(scratch, end, empty);
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
    const bytes = this.#bytes;
    const at = this.#at;
    if (at >= bytes.length) return false;
    // Most counts and gaps take one byte.
    const head = bytes[at]!;
    const gap = (head & 1) === 0 ? 0 : bytes[at + 1]!;
    if (head < 128 && gap < 128) {
      this.#at = at + 1 + (head & 1);
      this.count = head >> 1;
      this.bin += 1 + gap;
    } else this.#readLong(at);
    if (this.count > 0 && this.bin < BIN_COUNT) return true;
    throw new Error('The duration sketch is corrupt.');
  }

  #readLong(at: number): void {
    const varints = new VarintReader(this.#bytes, at);
    const head = varints.next();
    this.count = Math.floor(head / 2);
    this.bin += 1 + (head % 2 === 1 ? varints.next() : 0);
    if (!(varints.at <= this.#bytes.length)) this.count = 0;
    this.#at = varints.at;
  }
}

const scratch = new Uint8Array(BIN_COUNT * MAX_VARINT_BYTES * 2);
