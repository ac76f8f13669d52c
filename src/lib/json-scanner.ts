/** Limits of one JSON value. */
export interface JsonLimits {
  /** Arrays and objects inside one another. */
  readonly maxDepth: number;
  /** The value itself, and every element and member in it. */
  readonly maxValues: number;
}

/** Where a value ends and how many values it holds, or where it stops being JSON or passes a limit. */
export interface ScannedJson {
  readonly problem: 'malformed' | 'depth' | 'values' | null;
  /** The first byte after the value; where the scan stopped if there is a problem. */
  readonly end: number;
  /** Arrays and objects that are still open at `end`. */
  readonly depth: number;
}

const [QUOTE, BACKSLASH, COMMA, COLON, MINUS, DOT] = [0x22, 0x5c, 0x2c, 0x3a, 0x2d, 0x2e];
const [OPEN_ARRAY, CLOSE_ARRAY, OPEN_OBJECT, CLOSE_OBJECT] = [0x5b, 0x5d, 0x7b, 0x7d];
const ARRAY = 0;
const OBJECT = 1;

/**
 * Checks the grammar of the JSON value that begins at `start`, in one pass that allocates nothing, so that it costs the
 * same whatever the value is. It accepts what `JSON.parse` accepts; that the bytes are UTF-8 is for the caller to check.
 *
 * @param end nothing at or after it is read.
 */
export function scanJson(bytes: Uint8Array, start: number, end: number, limits: JsonLimits): ScannedJson {
  const { maxDepth, maxValues } = limits;
  const kinds = new Uint8Array(maxDepth + 1);
  let at = start;
  let depth = 0;
  let values = 0;
  const stopped = (problem: ScannedJson['problem']) => ({ problem, end: at, depth });

  for (;;) {
    at = skipBlanks(bytes, at, end);
    if (at >= end) return stopped('malformed');
    values += 1;
    if (values > maxValues) return stopped('values');
    const first = bytes[at]!;
    let isOpen = false;
    if (first === OPEN_OBJECT || first === OPEN_ARRAY) {
      if (depth === maxDepth) return stopped('depth');
      const isObject = first === OPEN_OBJECT;
      depth += 1;
      kinds[depth] = isObject ? OBJECT : ARRAY;
      at = skipBlanks(bytes, at + 1, end);
      isOpen = at < end && bytes[at] !== (isObject ? CLOSE_OBJECT : CLOSE_ARRAY);
      if (isOpen && isObject) at = endOfKey(bytes, at, end);
    } else if (first === QUOTE) at = endOfString(bytes, at + 1, end);
    else at = endOfScalar(bytes, at, end);
    if (at < 0) return { problem: 'malformed', end: start, depth };
    if (isOpen) continue;

    for (;;) {
      if (depth === 0) return stopped(null);
      at = skipBlanks(bytes, at, end);
      if (at >= end) return stopped('malformed');
      const next = bytes[at]!;
      const kind = kinds[depth];
      if (next === COMMA) {
        at += 1;
        if (kind === ARRAY) break;
        at = endOfKey(bytes, skipBlanks(bytes, at, end), end);
        if (at < 0) return { problem: 'malformed', end: start, depth };
        break;
      }
      if (next !== (kind === OBJECT ? CLOSE_OBJECT : CLOSE_ARRAY)) return stopped('malformed');
      at += 1;
      depth -= 1;
    }
  }
}

/**
 * Where a value ends that was scanned up to a limit only: counts brackets outside of strings, and checks nothing else.
 *
 * @param depth arrays and objects that are open at `at`. @returns -1 if the value does not end.
 */
export function skipJson(bytes: Uint8Array, at: number, end: number, depth: number): number {
  let open = depth;
  for (let i = at; i < end; i++) {
    const byte = bytes[i]!;
    if (byte === QUOTE) {
      i = endOfString(bytes, i + 1, end) - 1;
      if (i < 0) return -1;
    } else if (byte === OPEN_ARRAY || byte === OPEN_OBJECT) open += 1;
    else if (byte === CLOSE_ARRAY || byte === CLOSE_OBJECT) {
      open -= 1;
      if (open === 0) return i + 1;
    }
  }
  return -1;
}

/** The first byte at or after `at` that is no blank of JSON. */
export function skipBlanks(bytes: Uint8Array, at: number, end: number): number {
  let next = at;
  while (next < end && BLANK[bytes[next]!] === 1) next += 1;
  return next;
}

/** The end of a key and its colon; -1 if there is none at `at`. */
function endOfKey(bytes: Uint8Array, at: number, end: number): number {
  if (at >= end || bytes[at] !== QUOTE) return -1;
  const after = endOfString(bytes, at + 1, end);
  if (after < 0) return -1;
  const colon = skipBlanks(bytes, after, end);
  return colon < end && bytes[colon] === COLON ? colon + 1 : -1;
}

/** The end of the string whose first character is at `at`; -1 if it does not end, or holds what no string may. */
function endOfString(bytes: Uint8Array, at: number, end: number): number {
  let next = at;
  while (next < end) {
    const byte = bytes[next]!;
    next += 1;
    if (PLAIN[byte] === 1) continue;
    if (byte === QUOTE) return next;
    if (byte !== BACKSLASH || next >= end) return -1;
    const digits = ESCAPE_DIGITS[bytes[next]!]!;
    next += 1;
    if (digits === NO_ESCAPE) return -1;
    for (const last = next + digits; next < last; next++) {
      if (next >= end || HEXADECIMAL[bytes[next]!] === 0) return -1;
    }
  }
  return -1;
}

/** The end of a number, `true`, `false` or `null`; -1 if it is none of them. */
function endOfScalar(bytes: Uint8Array, at: number, end: number): number {
  const first = bytes[at]!;
  if (first > LAST_DIGIT) return endOfLiteral(bytes, at, end);
  let next = first === MINUS ? at + 1 : at;
  const integer = endOfDigits(bytes, next, end);
  // A zero stands alone before the point.
  if (integer === next || (bytes[next] === ZERO && integer > next + 1)) return -1;
  next = integer;
  if (next < end && bytes[next] === DOT) {
    const fraction = endOfDigits(bytes, next + 1, end);
    if (fraction === next + 1) return -1;
    next = fraction;
  }
  if (next < end && (bytes[next]! | 0x20) === LETTER_E) {
    next += 1;
    if (next < end && (bytes[next] === PLUS || bytes[next] === MINUS)) next += 1;
    const exponent = endOfDigits(bytes, next, end);
    if (exponent === next) return -1;
    next = exponent;
  }
  return next;
}

function endOfLiteral(bytes: Uint8Array, at: number, end: number): number {
  const literal = LITERALS.get(bytes[at]!);
  if (literal === undefined || at + literal.length > end) return -1;
  for (let i = 1; i < literal.length; i++) if (bytes[at + i] !== literal[i]) return -1;
  return at + literal.length;
}

function endOfDigits(bytes: Uint8Array, at: number, end: number): number {
  let next = at;
  while (next < end && DIGIT[bytes[next]!] === 1) next += 1;
  return next;
}

const [ZERO, LAST_DIGIT, PLUS, LETTER_E] = [0x30, 0x39, 0x2b, 0x65];
/** By their first byte. */
const LITERALS = new Map(['true', 'false', 'null'].map((text) => [text.charCodeAt(0), Buffer.from(text)]));
const BLANK = bytesIn(' \t\r\n');
const DIGIT = bytesIn('0123456789');
const HEXADECIMAL = bytesIn('0123456789abcdefABCDEF');
/** Bytes that stand for themselves in a string. */
const PLAIN = Uint8Array.from({ length: 256 }, (_, byte) =>
  byte >= 0x20 && byte !== QUOTE && byte !== BACKSLASH ? 1 : 0,
);
const NO_ESCAPE = 255;
/** How many hexadecimal digits follow the letter of an escape sequence. */
const ESCAPE_DIGITS = new Uint8Array(256).fill(NO_ESCAPE);
for (const byte of Buffer.from('"\\/bfnrt')) ESCAPE_DIGITS[byte] = 0;
ESCAPE_DIGITS[0x75] = 4;

function bytesIn(text: string): Uint8Array {
  const table = new Uint8Array(256);
  for (const byte of Buffer.from(text)) table[byte] = 1;
  return table;
}
