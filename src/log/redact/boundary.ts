import { codeSet } from './code-set.ts';
import type { CodedText } from './coded-text.ts';
import { byteAt } from './name-characters.ts';

/** Whether a character is a letter or digit of ASCII or `_`. */
export function isWordCode(code: number): boolean {
  return (
    (code >= 97 && code <= 122) || (code >= 48 && code <= 57) || (code >= 65 && code <= 90) || code === 95
  );
}

/**
 * Whether the character before `i` is the end of an escape and not a letter of its own: `\n`, `\u003d` or `%3D`, also if its
 * backslash or percent sign is escaped itself (`%253D`, `%5Cn`).
 */
export function followsEscape(text: CodedText, i: number): boolean {
  if (i < 2) return false;
  const before = text.codes[i - 1]!;
  if (LETTERS[before] === 1 && endsWithBackslash(text, i - 1)) return true;
  if (i < 3 || byteAt(text, i - 2) < 0) return false;
  if (endsWithPercentSign(text, i - 2)) return true;
  return (
    i >= 6 && text.codes[i - 5] === LETTER_U && byteAt(text, i - 4) >= 0 && endsWithBackslash(text, i - 5)
  );
}

/** Of the escapes of blanks and control characters, such as `\\n`. */
const LETTERS = codeSet(/[nrtbf]/);
const [PERCENT, TWO, FIVE, BACKSLASH, LETTER_U] = [37, 50, 53, 92, 117];
/** Most characters of a percent sign that is escaped several times: `%252525`. */
const LONGEST_SIGN = 17;

function endsWithPercentSign(text: CodedText, end: number): boolean {
  let i = end - 1;
  while (i > end - LONGEST_SIGN && text.at(i) === FIVE && text.at(i - 1) === TWO) i -= 2;
  return text.at(i) === PERCENT;
}

function endsWithBackslash(text: CodedText, end: number): boolean {
  if (text.at(end - 1) === BACKSLASH) return true;
  return end >= 3 && byteAt(text, end - 2) === BACKSLASH && endsWithPercentSign(text, end - 2);
}
