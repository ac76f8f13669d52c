import { codeSet } from './code-set.ts';
import type { CodedText } from './coded-text.ts';
import { BLANKS } from './search.ts';

/** Signs that say which forms a text can have, as bits. */
const [EQUALS, COLON, AT, LESS, PERCENT, BRACKET, SLASH, OTHER] = [1, 2, 4, 8, 16, 32, 64, 128];

export { COLON, EQUALS, LESS, OTHER, PERCENT, SLASH };

const ANY = 255;
/** Text can only hold a name with a value, user info or an element if it has one of these. */
export const NAMING = EQUALS | COLON | AT | LESS | PERCENT | BRACKET;

const BITS: Readonly<Record<string, number>> = {
  '=': EQUALS,
  ':': COLON,
  '@': AT,
  '<': LESS,
  '%': PERCENT,
  '[': BRACKET,
  '/': SLASH,
};
const SIGN_BITS = codeSet(/[^\w\s.,+-]/, 128).map((isSign) => isSign * OTHER);
for (const blank of BLANKS) SIGN_BITS[blank] = 0;
for (const [sign, bit] of Object.entries(BITS)) SIGN_BITS[sign.charCodeAt(0)] = bit;
const namingSigns = Object.keys(BITS).filter((sign) => (BITS[sign]! & NAMING & ~PERCENT) !== 0);
/** None of them has a meaning of its own within brackets. */
const NAMING_SIGN = new RegExp(`[${namingSigns.join('')}]`);
/** Longer texts are looked at by a regular expression, up to the first sign that names as it is. */
const SHORT = 64;

/** The signs that a text has. A long one that has a sign of `NAMING` other than `PERCENT` may have all of them. */
export function signsOf({ string, length, codes }: CodedText): number {
  if (length > SHORT) {
    if (NAMING_SIGN.test(string)) return ANY;
    return OTHER | (string.includes('%') ? PERCENT : 0) | (string.includes('/') ? SLASH : 0);
  }
  let signs = 0;
  for (let i = 0; i < length; i++) signs |= SIGN_BITS[codes[i]!]!;
  return signs;
}

/** Whether the characters from `start` up to `end` need to be searched for names at all. */
export function hasSigns({ codes }: CodedText, start: number, end: number): boolean {
  for (let i = start; i < end; i++) {
    if ((SIGN_BITS[codes[i]!]! & NAMING) !== 0) return true;
  }
  return false;
}
