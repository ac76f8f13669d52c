import type { CodedText } from './coded-text.ts';

/*
 * How the characters of a name are compared: letters in lower case and digits, as numbers below `SEPARATOR`. Escapes are
 * read as what they stand for, look-alikes of Unicode as the letters that NFKC makes of them; all else is left out.
 */
export const SEPARATOR = 36;
export const CHARACTERS = SEPARATOR + 1;
/** What is left out. */
const IGNORED = 255;
/** What only `foldName` reads. */
export const UNREAD = 254;

const ASCII = Uint8Array.from({ length: 128 }, (_, code) => {
  const character = String.fromCharCode(code).toLowerCase();
  if (/[0-9]/.test(character)) return code - 48;
  if (/[a-z]/.test(character)) return character.charCodeAt(0) - 87;
  return /[[\].:$\s]/.test(character) ? SEPARATOR : IGNORED;
});
const PERCENT = 37;
const BACKSLASH = 92;

/** Above it, no character looks like a letter or digit. */
const MAX_LOOK_ALIKE = 0x1fbff;
/**
 * What each character stands for, by code point: a letter or digit, `SEPARATOR`, `IGNORED` or `UNREAD`, which `foldName`
 * reads: an escape, half of a pair, several characters, or what is not known yet.
 */
export const NAME_CHARACTERS = new Uint8Array(MAX_LOOK_ALIKE + 1).fill(UNREAD);
NAME_CHARACTERS.set(ASCII.with(PERCENT, UNREAD).with(BACKSLASH, UNREAD));

/** The number of one ASCII character of a name. @throws Error for any other. */
export function nameCharacter(character: string): number {
  const number = ASCII[character.charCodeAt(0)] ?? IGNORED;
  if (number >= SEPARATOR) throw new Error(`Not a letter or digit: ${character}`);
  return number;
}

/** The characters that `foldName` wrote last. */
export let folded = new Uint8Array(256);

/** Folds the characters of a text from `start` up to `end` into `folded`. Returns how many they are. */
export function foldName(text: CodedText, start: number, end: number): number {
  // One character can stand for several, at most for 18 (U+FDFA).
  if (folded.length < end - start + 18) folded = new Uint8Array((end - start) * 2 + 18);
  const to = folded;
  let length = 0;
  for (let i = start; i < end; ) {
    let code = text.codes[i++]!;
    if (code === PERCENT || code === BACKSLASH) {
      i = code === PERCENT ? readPercent(text, i, end) : readBackslash(text, i, end);
      code = read;
    }
    if (code < 128) {
      const character = ASCII[code]!;
      if (character !== IGNORED) to[length++] = character;
    } else {
      if (code >= 0xd800 && code < 0xdc00) {
        code = text.string.codePointAt(i - 1)!;
        // Half of a pair alone is left out.
        if (code <= 0xffff) continue;
        i++;
      }
      if (code > MAX_LOOK_ALIKE) continue;
      const single = NAME_CHARACTERS[code]!;
      if (single <= SEPARATOR) to[length++] = single;
      else if (single === UNREAD) {
        const letters = lookAlike(code);
        for (let k = 0; k < letters.length && length < to.length; k++) to[length++] = letters[k]!;
      }
    }
  }
  return length;
}

const SPACE = 32;
const NOTHING = 95;

/** The character that the last escape stood for. */
let read = NOTHING;

/** Reads `hh` after a percent sign, also where the sign itself is encoded: `%252541`. Returns where to go on. */
function readPercent(text: CodedText, start: number, end: number): number {
  let i = start;
  while (i + 4 <= end && text.codes[i] === 50 && text.codes[i + 1] === 53 && byteAt(text, i + 2) >= 0) i += 2;
  const first = i + 2 <= end ? byteAt(text, i) : -1;
  read = first < 0 ? NOTHING : first;
  if (first < 0) return start;
  i += 2;
  const more = first >= 0xf0 ? 3 : first >= 0xe0 ? 2 : first >= 0xc2 ? 1 : 0;
  if (more === 0) return i;
  read = first & (0x3f >> more);
  for (let left = more; left > 0; left--) {
    if (text.at(i) !== PERCENT) break;
    let at = i + 1;
    while (at + 4 <= end && text.codes[at] === 50 && text.codes[at + 1] === 53) at += 2;
    const byte = at + 2 <= end ? byteAt(text, at) : -1;
    if (byte < 0) break;
    read = (read << 6) | (byte & 0x3f);
    i = at + 2;
  }
  return i;
}

/** Reads `u0041`, `n`, `r` or `t` after any number of backslashes. Returns where to go on. */
function readBackslash(text: CodedText, start: number, end: number): number {
  let i = start;
  while (i < end && text.codes[i] === BACKSLASH) i++;
  read = NOTHING;
  const letter = i < end ? text.codes[i]! : 0;
  if (letter === 117 && i + 5 <= end) {
    const [high, low] = [byteAt(text, i + 1), byteAt(text, i + 3)];
    if (high < 0 || low < 0) return i;
    read = high * 256 + low;
    // Halves of a pair stand for themselves; none of them is a letter.
    return i + 5;
  }
  if (letter === 110 || letter === 114 || letter === 116) {
    read = SPACE;
    return i + 1;
  }
  return i;
}

/** The byte that two hexadecimal digits stand for; -1 if they are none. */
export function byteAt(text: CodedText, i: number): number {
  if (i + 1 >= text.length) return -1;
  const high = text.codes[i]!;
  if (HEX[high] === 16) return -1;
  const low = text.codes[i + 1]!;
  return HEX[low] === 16 ? -1 : HEX[high]! * 16 + HEX[low]!;
}

/** The value of each hexadecimal digit, by its code; 16 for all other codes. */
const HEX = new Uint8Array(0x10000).fill(16);
for (const digit of '0123456789abcdefABCDEF') HEX[digit.charCodeAt(0)] = Number.parseInt(digit, 16);

/** Of those that stand for several. */
const several = new Map<number, readonly number[]>();

function lookAlike(code: number): readonly number[] {
  const known = several.get(code);
  if (known !== undefined) return known;
  const text = String.fromCodePoint(code).normalize('NFKC').toLowerCase();
  const characters = [...text].flatMap((one) => {
    const character = ASCII[one.charCodeAt(0)] ?? IGNORED;
    return character === IGNORED ? [] : [character];
  });
  if (characters.length > 1) several.set(code, characters);
  else NAME_CHARACTERS[code] = characters[0] ?? IGNORED;
  return characters;
}
