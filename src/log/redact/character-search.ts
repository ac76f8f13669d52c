import { codeSet } from './code-set.ts';
import type { CodedText } from './coded-text.ts';

/** So many characters are looked at one by one: a search by pattern takes the time of about forty to begin. */
const NEAR = 40;

/** Finds the next one of a few characters of ASCII. V8 searches for a class of them many characters at a time. */
export class CharacterSearch {
  readonly #isOne: Uint8Array;
  readonly #pattern: RegExp;

  constructor(characters: string) {
    const oneOf = `[${RegExp.escape(characters)}]`;
    this.#isOne = codeSet(new RegExp(oneOf));
    this.#pattern = new RegExp(oneOf, 'g');
  }

  /** The position of the first one from `from` on; the length of the text if there is none. */
  next({ string, length, codes }: CodedText, from: number): number {
    const isOne = this.#isOne;
    const near = Math.min(from + NEAR, length);
    let i = from;
    for (; i < near; i++) {
      if (isOne[codes[i]!] === 1) return i;
    }
    if (i >= length) return length;
    this.#pattern.lastIndex = i;
    return this.#pattern.test(string) ? this.#pattern.lastIndex - 1 : length;
  }
}
