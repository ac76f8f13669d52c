import { MAX_VARINT_BYTES, VarintReader, writeVarint } from '../lib/varint.ts';
import { BIN_COUNT, binOf } from './duration-bins.ts';

/*
 * An encoded sketch lists the bins that are not empty, in ascending order. Each bin is a varint of its count times 2, plus
 * 1 if bins before it are empty; a varint of the number of those bins follows. Varints are little-endian groups of 7 bits.
 */

/** Counts durations by bin. Merging sketches and adding all of their values give the same bytes, in every order. */
export class Sketch {
  /** The bin of each value; null once there are more than `MAX_FEW`. Most groups of a question have few logs. */
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
    const few = this.#few;
    if (few !== null && few.length + count <= MAX_FEW) for (let i = 0; i < count; i++) few.push(bin);
    else {
      this.#spread();
      this.#increase(bin, count);
    }
  }

  /** @throws Error if the bytes are not an encoded sketch. */
  merge(encoded: Uint8Array): void {
    const reader = new SketchReader(encoded);
    // Most bins take one or two bytes, so these are more than a few.
    if (encoded.length > MAX_FEW * 2) this.#spread();
    if (this.#few !== null) while (reader.next()) this.addBin(reader.bin, reader.count);
    else while (reader.next()) this.#increase(reader.bin, reader.count);
  }

  encode(): Uint8Array<ArrayBuffer> {
    if (this.#few !== null) return encodeFew(this.#few);
    const counts = this.#counts;
    let [end, next] = [0, 0];
    for (let bin = 0; bin < counts.length; bin++) {
      const count = counts[bin]!;
      if (count === 0) continue;
      end = writeBin(end, count, bin - next);
      next = bin + 1;
    }
    return scratch.slice(0, end);
  }

  #spread(): void {
    if (this.#few === null) return;
    for (const bin of this.#few) this.#increase(bin, 1);
    this.#few = null;
  }

  #increase(bin: number, count: number): void {
    const counts = this.#counts;
    while (counts.length <= bin) counts.push(0);
    counts[bin]! += count;
  }
}

const MAX_FEW = 32;

/** @param bins the bin of each value; they get sorted. */
function encodeFew(bins: number[]): Uint8Array<ArrayBuffer> {
  sortAscending(bins);
  let [end, next] = [0, 0];
  for (let i = 0; i < bins.length; ) {
    const bin = bins[i]!;
    const first = i;
    while (i < bins.length && bins[i] === bin) i++;
    end = writeBin(end, i - first, bin - next);
    next = bin + 1;
  }
  return scratch.slice(0, end);
}

/** By insertion: faster for a few numbers than `sort` with a function, and in linear time if they are sorted. */
function sortAscending(numbers: number[]): void {
  for (let i = 1; i < numbers.length; i++) {
    const number = numbers[i]!;
    let at = i;
    for (; at > 0 && numbers[at - 1]! > number; at--) numbers[at] = numbers[at - 1]!;
    numbers[at] = number;
  }
}

/** Writes a bin to `scratch`. @param empty the number of empty bins before it. @returns the position after it. */
function writeBin(at: number, count: number, empty: number): number {
  if (empty === 0) return writeVarint(scratch, at, count * 2);
  return writeVarint(scratch, writeVarint(scratch, at, count * 2 + 1), empty);
}

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
