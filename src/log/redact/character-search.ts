import { asciiSet } from './ascii-set.ts';

/** So many characters are looked at one by one: a search by pattern takes the time of about twenty to begin. */
const NEAR = 20;

/** Finds the next one of a few characters of ASCII. V8 searches for a class of them many characters at a time. */
export class CharacterSearch {
  readonly #isOne: Uint8Array;
  readonly #pattern: RegExp;

  constructor(characters: string) {
    const oneOf = `[${RegExp.escape(characters)}]`;
    this.#isOne = asciiSet(new RegExp(oneOf));
    this.#pattern = new RegExp(oneOf, 'g');
  }

  /** The position of the first one from `from` on; the length of the text if there is none. */
  next(text: string, from: number): number {
    const near = Math.min(from + NEAR, text.length);
    let i = from;
    for (; i < near; i++) {
      const code = text.charCodeAt(i);
      if (code < 128 && this.#isOne[code] === 1) return i;
    }
    if (i >= text.length) return text.length;
    this.#pattern.lastIndex = i;
    return this.#pattern.test(text) ? this.#pattern.lastIndex - 1 : text.length;
  }
}
