import { writeGrams } from './grams.ts';

/**
 * A signature says which grams the logs of a range hold: a Bloom filter for each of up to 64 blocks of logs. It is stored by row: a
 * row holds one bit of each block, so two rows say which blocks may hold a gram.
 */
export interface Signature {
  /** How many of the rows that a gram can have are one row. */
  readonly divisor: number;
  /** The rows: 8 bytes each, in little-endian order. */
  readonly bits: Buffer;
}

export const BLOCKS = 64;
export const ROW_BYTES = BLOCKS / 8;
/** The rows that a gram can have, before they are merged. */
const ALL_ROWS = 2 ** 20;
/** A signature has at most half of these rows: 4 MiB, for ranges whose texts have very many different grams. */
const MIN_DIVISOR = 2;
/** There is no use in fewer rows than 256. */
const MAX_DIVISOR = 2 ** 12;
/** The part of the bits that are set, at most. A block without a gram has both of its bits with the square of this probability. */
const MAX_DENSITY = 0.22;

/** The two rows of a gram. */
export function rowsOf(hash: number, divisor: number): readonly [number, number] {
  return [Math.floor(firstRow(hash) / divisor), Math.floor(secondRow(hash) / divisor)];
}

function firstRow(hash: number): number {
  return hash >>> 12;
}

function secondRow(hash: number): number {
  return Math.imul(hash, 0x9e3779b1) >>> 12;
}

export class SignatureBuilder {
  readonly #words = new Uint32Array((ALL_ROWS * ROW_BYTES) / 4);
  #hashes = new Int32Array(1024);

  /**
   * @param block 0 to 63.
   * @param salt that of the text's field.
   */
  add(block: number, text: string, salt: number): void {
    if (this.#hashes.length < 2 * text.length) this.#hashes = new Int32Array(4 * text.length);
    const [words, hashes] = [this.#words, this.#hashes];
    const count = writeGrams(text, salt, hashes);
    const [word, bit] = [block >>> 5, 1 << (block & 31)];
    for (let i = 0; i < count; i++) {
      const hash = hashes[i]!;
      words[firstRow(hash) * 2 + word]! |= bit;
      words[secondRow(hash) * 2 + word]! |= bit;
    }
  }

  /** The signature of what was added, with the fewest rows for its density. Nothing can be added afterwards. */
  finish(): Signature {
    const words = this.#words;
    const added = -Math.log(1 - densityOf(words)) * ALL_ROWS;
    const needed = added / -Math.log(1 - MAX_DENSITY);
    const divisor = Math.max(MIN_DIVISOR, Math.min(MAX_DIVISOR, Math.floor(ALL_ROWS / needed)));
    const rows = Math.ceil(ALL_ROWS / divisor);
    for (let row = 0; row < rows; row++) {
      let [low, high] = [0, 0];
      for (let i = row * divisor; i < Math.min(ALL_ROWS, (row + 1) * divisor); i++) {
        low |= words[2 * i]!;
        high |= words[2 * i + 1]!;
      }
      words[2 * row] = low;
      words[2 * row + 1] = high;
    }
    return { divisor, bits: Buffer.from(words.buffer, 0, rows * ROW_BYTES) };
  }
}

/** The part of the bits that are set. */
function densityOf(words: Uint32Array): number {
  let set = 0;
  for (let i = 0; i < words.length; i++) set += bitsOf(words[i]!);
  return set / (words.length * 32);
}

function bitsOf(word: number): number {
  const pairs = word - ((word >>> 1) & 0x55555555);
  const fours = (pairs & 0x33333333) + ((pairs >>> 2) & 0x33333333);
  return Math.imul((fours + (fours >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
}
