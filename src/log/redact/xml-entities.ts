import { CodeUnits } from './code-units.ts';
import type { CodedText } from './coded-text.ts';

const [AMPERSAND, HASH, SEMICOLON, ZERO, NINE, LOWER_A, LOWER_F, LOWER_X, UPPER_A, LOWER_Z] = [
  38, 35, 59, 48, 57, 97, 102, 120, 65, 122,
];
/** The longest entities are `&#1114111;` and `&#x10ffff;`. */
const MAX_LENGTH = 10;
const LOWER_CASE = 32;

/** By the letters of the name, one byte each. */
const NAMED = new Map(
  Object.entries({ quot: 34, apos: 39, amp: 38, lt: 60, gt: 62 }).map(([name, code]) => [
    [...name].reduce((letters, letter) => (letters << 8) | letter.charCodeAt(0), 0),
    code,
  ]),
);
const MAX_NAME = 4;

const units = new CodeUnits();

/** The text with its character references decoded once; the same string if it has none. Other references stay as they are. */
export function withoutEntities(text: CodedText): string {
  units.start(text.length);
  let decoded = false;
  for (let i = units.addUntil(text, 0, AMPERSAND, AMPERSAND); i < text.length; ) {
    const point = reference(text, i + 1);
    units.add(point < 0 ? AMPERSAND : point);
    if (point >= 0) {
      i = referenceEnd;
      decoded = true;
    }
    i = units.addUntil(text, i + 1, AMPERSAND, AMPERSAND);
  }
  return decoded ? units.text() : text.string;
}

/** The position of the semicolon of the reference that was read last. */
let referenceEnd = 0;

/** The code point of the reference whose `&` stands before a position; -1 if there is none. */
function reference(text: CodedText, start: number): number {
  return text.at(start) === HASH ? numeric(text, start + 1) : named(text, start);
}

function numeric(text: CodedText, start: number): number {
  const isHex = (text.at(start) | LOWER_CASE) === LOWER_X;
  const first = isHex ? start + 1 : start;
  let point = 0;
  for (let i = first; i < start + MAX_LENGTH; i++) {
    const code = text.at(i);
    if (code === SEMICOLON) {
      referenceEnd = i;
      return i > first && point <= 0x10ffff ? point : -1;
    }
    const letter = code | LOWER_CASE;
    if (code >= ZERO && code <= NINE) point = point * (isHex ? 16 : 10) + code - ZERO;
    else if (isHex && letter >= LOWER_A && letter <= LOWER_F) point = point * 16 + letter - LOWER_A + 10;
    else return -1;
  }
  return -1;
}

function named(text: CodedText, start: number): number {
  let letters = 0;
  for (let i = start; i <= start + MAX_NAME; i++) {
    const code = text.at(i);
    if (code === SEMICOLON) {
      referenceEnd = i;
      return NAMED.get(letters) ?? -1;
    }
    if (code < UPPER_A || code > LOWER_Z) return -1;
    letters = (letters << 8) | code | LOWER_CASE;
  }
  return -1;
}

/** The text with the signs of XML as references. */
export function withEntities(text: string): string {
  return text.replace(/[&<>"]/g, (sign) => `&${{ '&': 'amp', '<': 'lt', '>': 'gt', '"': 'quot' }[sign]};`);
}
