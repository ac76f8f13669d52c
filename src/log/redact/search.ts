import type { IsSecret } from '../secret-names.ts';
import type { CodedText } from './coded-text.ts';

/** What the redactor of one form needs to search the texts that it finds inside. */
export interface Search {
  readonly isSecret: IsSecret;
  /**
   * Takes work from what one stored text may cost, in units of about 8 ns: the time in which two characters of text are searched.
   *
   * @returns whether there was so much left. If not, the rest of the text is to be redacted without being searched.
   */
  spend(work: number): boolean;
  /**
   * Searches text inside of text, in whatever form it is.
   *
   * @param cut whether the text goes on after its end; then what is open at the end counts as a secret.
   * @param escapes whether percent escapes are searched, too; then text that holds a secret under them is decoded.
   */
  text(text: CodedText, cut: boolean, escapes?: 'searched' | 'left'): string;
  /**
   * The same for text that was decoded first.
   *
   * @param from the text before; where its escapes stood for characters of credentials, these are replaced, too.
   */
  decoded(text: CodedText, cut: boolean, from: CodedText): string;
}

/** The work of decoding a text once, besides searching what it decodes to. See `Search.spend`. */
export function decodingWork({ length }: CodedText): number {
  return 20 + (length >> 2);
}

/** Escapes of JSON that credentials and card numbers can be written with. The others leave them as they are. */
export const HIDING_JSON_ESCAPE = /\\[u/]/;

/** Where the blanks and line ends before `i` begin, `from` at the earliest. */
export function skipBlanksBack(text: CodedText, i: number, from: number): number {
  let at = i;
  while (at > from && isBlank(text.codes[at - 1]!)) at--;
  return at;
}

/** Where the blanks and line ends after `i` end, `end` at the latest. */
export function skipBlanks(text: CodedText, i: number, end: number): number {
  let at = i;
  while (at < end && isBlank(text.codes[at]!)) at++;
  return at;
}

/** ASCII white space, NBSP, and the line and paragraph separators. */
export const BLANKS = [9, 10, 11, 12, 13, 32, 0xa0, 0x2028, 0x2029] as const;
const IS_BLANK = new Uint8Array(0x10000);
for (const blank of BLANKS) IS_BLANK[blank] = 1;

export function isBlank(code: number): boolean {
  return IS_BLANK[code] === 1;
}
