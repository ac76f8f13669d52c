import { codeAt } from './code-at.ts';
import { CodeUnits } from './code-units.ts';

const [AMPERSAND, HASH, SEMICOLON, ZERO, NINE, LOWER_A, LOWER_F, LOWER_X] = [
  38, 35, 59, 48, 57, 97, 102, 120,
];
/** The longest entities are `&#1114111;` and `&#x10ffff;`. */
const MAX_LENGTH = 10;
const LOWER_CASE = 32;

const NAMED: Readonly<Record<string, number>> = { quot: 34, apos: 39, amp: 38, lt: 60, gt: 62 };

const units = new CodeUnits();

/** The text with its character references decoded once; the same string if it has none. Other references stay as they are. */
export function withoutEntities(text: string): string {
  if (!text.includes('&')) return text;
  units.start(text.length);
  let decoded = false;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    const point = code === AMPERSAND ? reference(text, i + 1) : -1;
    if (point < 0) units.add(code);
    else {
      units.add(point);
      i = referenceEnd;
      decoded = true;
    }
  }
  return decoded ? units.text() : text;
}

/** The position of the semicolon of the reference that was read last. */
let referenceEnd = 0;

/** The code point of the reference whose `&` stands before a position; -1 if there is none. */
function reference(text: string, start: number): number {
  return codeAt(text, start) === HASH ? numeric(text, start + 1) : named(text, start);
}

function numeric(text: string, start: number): number {
  const isHex = (codeAt(text, start) | LOWER_CASE) === LOWER_X;
  const first = isHex ? start + 1 : start;
  let point = 0;
  for (let i = first; i < start + MAX_LENGTH; i++) {
    const code = codeAt(text, i);
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

function named(text: string, start: number): number {
  for (let end = start + 2; end <= start + 4; end++) {
    if (codeAt(text, end) !== SEMICOLON) continue;
    referenceEnd = end;
    return NAMED[text.slice(start, end).toLowerCase()] ?? -1;
  }
  return -1;
}

/** The text with the signs of XML as references. */
export function withEntities(text: string): string {
  return text.replace(/[&<>"]/g, (sign) => `&${{ '&': 'amp', '<': 'lt', '>': 'gt', '"': 'quot' }[sign]};`);
}
