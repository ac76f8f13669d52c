import { type CodedText, withCodes } from './coded-text.ts';

const ASCII = 128;
const NO_PREFIX = -1;

/**
 * Finds the places in a text where one of many prefixes stands, and passes over the rest in steps of up to two characters
 * (after Wu and Manber). No place costs more than the characters of the longest prefix.
 */
export class PrefixSearch {
  /** How far the end of a window of three characters can move on, by its last two characters; 0: it may hold a prefix. */
  readonly #shifts = new Uint8Array(ASCII * ASCII).fill(2);
  /** `next[state * 128 + character]` is the state after a character; 0: no prefix goes on so. The first state is 1. */
  readonly #next: Uint16Array;
  /** The number of the prefix that each state completes. */
  readonly #complete: Int16Array;
  /** The number of the longest prefix that each prefix begins with, other than itself. */
  readonly #shorter: Int16Array;

  /** @param prefixes of three characters of ASCII or more. */
  constructor(prefixes: readonly string[]) {
    const states = prefixes.reduce((sum, prefix) => sum + prefix.length, 2);
    this.#next = new Uint16Array(states * ASCII);
    this.#complete = new Int16Array(states).fill(NO_PREFIX);
    let last = 1;
    for (const [number, prefix] of prefixes.entries()) {
      const codes = [...prefix].map((character) => character.charCodeAt(0));
      if (codes.length < 3 || codes.some((code) => code >= ASCII)) throw new Error(`no prefix: ${prefix}`);
      const [first, second, third] = codes as [number, number, number];
      const pair = first * ASCII + second;
      this.#shifts[pair] = Math.min(1, this.#shifts[pair]!);
      this.#shifts[second * ASCII + third] = 0;
      let state = 1;
      for (const code of codes) state = this.#next[state * ASCII + code] ||= ++last;
      this.#complete[state] = number;
    }
    this.#shorter = Int16Array.from(prefixes, (prefix) =>
      withCodes(prefix.slice(0, -1), (text) => this.longest(text, 0)),
    );
  }

  /** The first position from `from` on at which a prefix may stand; -1 if there is none. */
  next(text: CodedText, from: number): number {
    const shifts = this.#shifts;
    const { codes, length } = text;
    for (let end = from + 2; end < length; ) {
      const last = codes[end]!;
      // A character that is in no prefix.
      if (last >= ASCII) {
        end += 3;
        continue;
      }
      const before = codes[end - 1]!;
      const shift = before < ASCII ? shifts[before * ASCII + last]! : 2;
      if (shift === 0) {
        if (this.#begins(codes, end - 2)) return end - 2;
        end++;
      } else end += shift;
    }
    return -1;
  }

  /** The number of the longest prefix at a position; -1 if there is none. */
  longest({ codes, length }: CodedText, start: number): number {
    let found = NO_PREFIX;
    let state = 1;
    for (let i = start; i < length; i++) {
      const code = codes[i]!;
      state = code < ASCII ? this.#next[state * ASCII + code]! : 0;
      if (state === 0) break;
      if (this.#complete[state] !== NO_PREFIX) found = this.#complete[state]!;
    }
    return found;
  }

  /** The number of the next shorter prefix at the same position; -1 if there is none. */
  shorter(number: number): number {
    return this.#shorter[number]!;
  }

  /** Whether the three characters at a position begin a prefix. */
  #begins(codes: Uint16Array, start: number): boolean {
    const next = this.#next;
    const first = codes[start]!;
    const state = first < ASCII ? next[ASCII + first]! : 0;
    // The other two are of ASCII.
    const second = next[state * ASCII + codes[start + 1]!]!;
    return next[second * ASCII + codes[start + 2]!] !== 0;
  }
}
