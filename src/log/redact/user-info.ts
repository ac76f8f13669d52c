import { asciiSet } from './ascii-set.ts';
import { isBlank } from './search.ts';

/**
 * Finds the user info of the URLs in a text.
 *
 * A password may hold `/`, `?`, `#` and `'` although it should be encoded: after `user:` and what is no port number, all
 * up to the last `@` before a blank, quote or angle bracket is user info.
 */
export class UserInfo {
  readonly #text: string;
  readonly #end: number;
  readonly #cut: boolean;
  /** Whether there can be any at all. */
  readonly isPossible: boolean;
  /** There is no `@` between the last position that was asked for and this one. */
  #clear = 0;

  /** @param cut whether the text goes on after `end`; then user info that reaches the end needs no `@`. */
  constructor(text: string, end: number, cut: boolean) {
    this.#text = text;
    this.#end = end;
    this.#cut = cut;
    this.isPossible = cut || text.includes('@');
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
      const code = text.charCodeAt(i);
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
function isPort(text: string, start: number, end: number): boolean {
  let i = start;
  while (i < end && text.charCodeAt(i) >= 48 && text.charCodeAt(i) <= 57) i++;
  return i > start && (i === end || ENDS_PORT.includes(text[i]!));
}

const ENDS_PORT = `/?#"'<>,; \\)]}`;
const [AT, COLON, SLASH, QUESTION, HASH] = [64, 58, 47, 63, 35];

/** Whether a character is nothing but a part of user info or of a host. */
function isPlain(code: number): boolean {
  return code < 128 ? PLAIN[code] === 1 : !isBlank(code);
}
const PLAIN = asciiSet(/[^@:/?#"<>\s]/);
