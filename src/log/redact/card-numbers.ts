import creditCardType from 'credit-card-type';
import { followsEscape, isWordCode } from './boundary.ts';
import type { CodedText } from './coded-text.ts';
import type { Edits } from './edits.ts';
import { byteAt } from './name-characters.ts';

/** Longer numbers are cards of few issuers, but most ids that count up (snowflakes) and times in nanoseconds. */
const MAX_DIGITS = 16;
const MIN_DIGITS = 14;
/** So many digits of a card may be shown by PCI DSS; a card that was cut is redacted if it has more. */
const SHOWABLE_DIGITS = 6;

/** Beginnings of cards of JCB that had 15 digits; a time in microseconds begins so, too. */
const NOT_ISSUED = new Set<unknown>([1800, 2131]);

/** For each beginning of four digits the lengths of the cards that are issued with it: one bit each. */
const issued = new Uint32Array(10_000);
for (const type of Object.values(creditCardType.types)) {
  const { patterns, lengths } = creditCardType.getTypeInfo(type);
  // Its beginnings overlap those of the others; of its many lengths, cards of today have 16 digits.
  const usual = type === 'maestro' ? [MAX_DIGITS] : lengths.filter((length) => length <= MAX_DIGITS);
  const bits = usual.reduce((sum, length) => sum | (1 << length), 0);
  for (const pattern of patterns) {
    if (NOT_ISSUED.has(pattern)) continue;
    const [low, high] = Array.isArray(pattern) ? pattern : [pattern, pattern];
    const last = Number(String(high).slice(0, 4).padEnd(4, '9'));
    for (let four = Number(String(low).slice(0, 4).padEnd(4, '0')); four <= last; four++)
      issued[four]! |= bits;
  }
}

const [SPACE, PERCENT, PLUS, DASH, DOT, LETTER_U] = [32, 37, 43, 45, 46, 117];

const isDigitAt = (text: CodedText, i: number) => {
  const code = text.at(i);
  return code >= 48 && code <= 57;
};

/** The position after the digits that begin at `start`; `most` at the latest. */
function digitsEnd(text: CodedText, start: number, most: number): number {
  const last = most < text.length ? most : text.length;
  let end = start;
  for (; end < last; end++) {
    const code = text.codes[end]!;
    if (code < 48 || code > 57) break;
  }
  return end;
}

/**
 * Replaces the card numbers of a text: numbers that begin as an issuer's do, have the length of its cards and a right
 * check digit (Luhn), and are no part of a longer number, word or id (`order-4111111111111111`, `0.4111111111111111`).
 *
 * @param cut whether the text goes on after its end; then a number that reaches the end may be longer than it looks.
 * @returns the number of candidates: numbers that begin as those of an issuer.
 */
export function replaceCardNumbers(text: CodedText, edits: Edits, cut: boolean): number {
  let candidates = 0;
  let end = 0;
  for (let start = nextDigits(text, 0); start >= 0; start = nextDigits(text, end)) {
    end = digitsEnd(text, start, text.length);
    const lengths = mayBeCard(text, start, end, cut) ? issued[fourDigits(text, start)]! : 0;
    const cardEnd = lengths === 0 ? end : candidateEnd(text, start, end, cut);
    if (lengths !== 0) candidates++;
    if (lengths !== 0 && isCard(text, start, cardEnd, lengths, cut)) {
      edits.replace(start, cardEnd);
      end = cardEnd;
    } else if (mayBeginInEscape(text, start)) {
      end = replaceAfterEscape(text, start, end, cut, edits);
    }
  }
  return candidates;
}

/** Where four digits follow each other, from `from` on; -1 if they do nowhere. Looks at about every fourth character. */
function nextDigits({ codes, length }: CodedText, from: number): number {
  for (let last = from + 3; last < length; ) {
    let start = last + 1;
    while (start > last - 3) {
      const code = codes[start - 1]!;
      if (code < 48 || code > 57) break;
      start--;
    }
    if (start === last - 3) return start;
    last = start + 3;
  }
  return -1;
}

/** Whether so many digits in a row can be a card number, or the first group of one. */
function mayBeCard(text: CodedText, start: number, end: number, cut: boolean): boolean {
  const digits = end - start;
  if (digits > MAX_DIGITS) return false;
  return digits === 4 || digits >= MIN_DIGITS || (cut && end === text.length && digits > SHOWABLE_DIGITS);
}

/** The end of a card number whose digits go from `start` to `end`, or are the first group of several. */
function candidateEnd(text: CodedText, start: number, end: number, cut: boolean): number {
  return end - start === 4 ? groupsEnd(text, start, cut) : end;
}

/** Replaces a card number that begins within a row of digits, behind an escape. Returns its end, or that of the row. */
function replaceAfterEscape(text: CodedText, start: number, end: number, cut: boolean, edits: Edits): number {
  const last = Math.min(start + LONGEST_ESCAPE, end - 4);
  for (let from = start + 1; from <= last; from++) {
    if (!mayBeCard(text, from, end, cut)) continue;
    const lengths = issued[fourDigits(text, from)]!;
    if (lengths === 0 || !followsEscape(text, from)) continue;
    const cardEnd = candidateEnd(text, from, end, cut);
    if (!isCard(text, from, cardEnd, lengths, cut)) continue;
    edits.replace(from, cardEnd);
    return cardEnd;
  }
  return end;
}

/** Most digits of an escape that can stand before a number: `%2525224111…`. */
const LONGEST_ESCAPE = 16;

/** Whether the digits that begin at `start` may begin with those of an escape: after `%`, `%A`, `\u` or `\u00e`. */
function mayBeginInEscape(text: CodedText, start: number): boolean {
  const before = text.at(start - 1);
  return before === PERCENT || (isWordCode(before) && (before === LETTER_U || byteAt(text, start - 1) >= 0));
}

/**
 * The end of a card number as it is printed (`4111 1111 1111 1111`, `3782 822463 10005`, `3056 930902 5904`), whose first
 * group begins at `start`; the end of that group if others do not follow. In a text that was cut, groups may be missing.
 */
function groupsEnd(text: CodedText, start: number, cut: boolean): number {
  const first = start + 4;
  const separator = text.at(first);
  if (separator !== SPACE && separator !== DASH && separator !== PLUS) return first;
  if (isWrongCard(text, start, separator, cut)) return first;
  const second = groupEnd(text, first + 1);
  const third = text.at(second) === separator ? groupEnd(text, second + 1) : second;
  if (cut && third >= text.length) return text.length;
  const [secondLength, thirdLength] = [second - first - 1, third - second - 1];
  if (secondLength === 6) return thirdLength === 5 || thirdLength === 4 ? third : first;
  if (secondLength !== 4 || thirdLength !== 4 || text.at(third) !== separator) return first;
  const fourth = groupEnd(text, third + 1);
  return fourth - third - 1 === 4 || (cut && fourth >= text.length) ? fourth : first;
}

/** For each group of four digits what it adds to the check sum of a number with groups of four. */
const CHECK_SUMS = Uint8Array.from({ length: 10_000 }, (_, four) =>
  [...String(four).padStart(4, '0')].reduce((sum, digit, i) => sum + doubled(Number(digit), i % 2 === 0), 0),
);

/** A digit as it counts in the check sum (Luhn), where every second one is doubled. */
function doubled(digit: number, isSecond: boolean): number {
  return isSecond ? (digit < 5 ? digit * 2 : digit * 2 - 9) : digit;
}

/** Whether four groups of four digits follow each other, and their check digit is wrong: most numbers in text are such. */
function isWrongCard(text: CodedText, start: number, separator: number, cut: boolean): boolean {
  const end = start + 19;
  if (end > text.length || (cut && end === text.length) || isDigitAt(text, end)) return false;
  let sum = CHECK_SUMS[fourDigits(text, start)]!;
  for (let i = start + 5; i < end; i += 5) {
    const four = fourDigits(text, i);
    if (four < 0 || text.codes[i - 1] !== separator) return false;
    sum += CHECK_SUMS[four]!;
  }
  return sum % 10 !== 0;
}

/** Four digits as a number; -1 if one of the characters is none. */
function fourDigits(text: CodedText, start: number): number {
  let number = 0;
  for (let i = start; i < start + 4; i++) {
    const digit = text.codes[i]! - 48;
    if (digit < 0 || digit > 9) return -1;
    number = number * 10 + digit;
  }
  return number;
}

/** The end of a group of digits; no card has longer ones than 6. */
function groupEnd(text: CodedText, start: number): number {
  return digitsEnd(text, start, start + 7);
}

function isCard(text: CodedText, start: number, end: number, lengths: number, cut: boolean): boolean {
  const length = end - start;
  const isCut = cut && end === text.length;
  if (isCut ? length <= SHOWABLE_DIGITS : length < MIN_DIGITS) return false;
  // Without separators, there is no other length.
  if (!isCut && length <= MAX_DIGITS && isDigitAt(text, start + 4) && (lengths & (1 << length)) === 0) {
    return false;
  }
  if (!standsAlone(text, start, end)) return false;
  let sum = 0;
  let digits = 0;
  for (let i = end - 1; i >= start && digits <= MAX_DIGITS; i--) {
    const digit = text.codes[i]! - 48;
    if (digit < 0 || digit > 9) continue;
    sum += doubled(digit, digits % 2 === 1);
    digits++;
  }
  if (digits > MAX_DIGITS) return false;
  return isCut || ((lengths & (1 << digits)) !== 0 && sum % 10 === 0);
}

function standsAlone(text: CodedText, start: number, end: number): boolean {
  const [before, after] = [text.at(start - 1), text.at(end)];
  if (isWordCode(before) && !followsEscape(text, start)) return false;
  if (isWordCode(after)) return false;
  if (before === DASH && isWordCode(text.at(start - 2))) return false;
  if (after === DASH && isWordCode(text.at(end + 1))) return false;
  if (before === DOT && isDigitAt(text, start - 2)) return false;
  return !(after === DOT && isDigitAt(text, end + 1));
}
