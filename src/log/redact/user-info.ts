import { codeSet } from './code-set.ts';
import type { CodedText } from './coded-text.ts';
import { BLANKS } from './search.ts';

/**
 * Finds the user info of the URLs in a text.
 *
 * A password may hold `/`, `?`, `#` and `'` although it should be encoded: after `user:` and what is no port number, all
 * up to the last `@` before a blank, quote or angle bracket is user info.
 */
export class UserInfo {
  readonly #text: CodedText;
  readonly #end: number;
  readonly #cut: boolean;
  /** Whether there can be any at all. */
  readonly isPossible: boolean;
  /** There is no `@` between the last position that was asked for and this one. */
  #clear = 0;

  /** @param cut whether the text goes on after `end`; then user info that reaches the end needs no `@`. */
  constructor(text: CodedText, end: number, cut: boolean) {
    this.#text = text;
    this.#end = end;
    this.#cut = cut;
    this.isPossible = cut || text.string.includes('@');
  }

  /**
   * The position of the `@` that ends the user info; -1 if there is none.
   *
   * @param start the position after `//`; in ascending order from call to call.
   */
  end(start: number): number {
    if (!this.isPossible || start < this.#clear) return -1;
    const text = this.#text;
    let at = -1;
    let colon = -1;
    let isOpen = false;
    let i = start;
    for (; i < this.#end; i++) {
      const code = text.codes[i]!;
      if (isPlain(code)) continue;
      if (code === AT) at = i;
      else if (code === COLON) {
        if (colon < 0) isOpen = !isPort(text, i + 1, this.#end);
        colon = i;
      } else if (code === SLASH || code === QUESTION || code === HASH) {
        if (!isOpen) break;
      } else break;
    }
    this.#clear = i;
    if (at >= 0) return at;
    return this.#cut && i === this.#end && isOpen ? i : -1;
  }
}

/** Whether a port number follows. */
function isPort(text: CodedText, start: number, end: number): boolean {
  let i = start;
  while (i < end && text.codes[i]! >= 48 && text.codes[i]! <= 57) i++;
  return i > start && (i === end || ENDS_PORT.includes(text.slice(i, i + 1)));
}

const ENDS_PORT = `/?#"'<>,; \\)]}`;
const [AT, COLON, SLASH, QUESTION, HASH] = [64, 58, 47, 63, 35];

/** Whether a character is nothing but a part of user info or of a host. */
function isPlain(code: number): boolean {
  return PLAIN[code] === 1;
}
const PLAIN = codeSet(/[^@:/?#"<>\s]/, 128);
for (const blank of BLANKS) PLAIN[blank] = 0;
