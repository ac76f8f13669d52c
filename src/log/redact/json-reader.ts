import { codeSet } from './code-set.ts';
import type { CodedText } from './coded-text.ts';
import { byteAt } from './name-characters.ts';

/** What stands where in JSON text; positions as in `slice`. */
export interface JsonHandler {
  /** Returns whether to go on; if not, the text counts as JSON. */
  open(isObject: boolean, start: number): boolean;
  close(end: number): void;
  /** A key, without its quotes. */
  key(start: number, end: number): void;
  /** A string, without its quotes. One that is incomplete ends before an escape that is. */
  string(start: number, end: number, hasEscapes: boolean): void;
  /** A number, true, false or null. */
  scalar(start: number, end: number): void;
}

const [TAB, LF, CR, RS, SPACE, QUOTE, COMMA, COLON, OPEN_ARRAY, BACKSLASH, CLOSE_ARRAY] = [
  9, 10, 13, 30, 32, 34, 44, 58, 91, 92, 93,
];
const [LETTER_U, OPEN_OBJECT, CLOSE_OBJECT, BYTE_ORDER_MARK] = [117, 123, 125, 0xfeff];

const isSpace = (code: number) => code === SPACE || code === LF || code === CR || code === TAB;
/** After a backslash: `"\/bfnrt`. */
const ESCAPES = new Set([...'"\\/bfnrt'].map((letter) => letter.charCodeAt(0)));
const NUMBER = /^-?\d+(?:\.\d+)?(?:[eE][-+]?\d+)?$/;

/**
 * Reads one JSON value, or several with white space or a record separator between (NDJSON, JSON text sequences), without
 * recursion. The last one may be incomplete.
 *
 * @returns whether the text is JSON as far as it goes. If not, the handler may have been called for a part of it.
 */
export function readJson(text: CodedText, handler: JsonHandler): boolean {
  const isObject: boolean[] = [];
  // In an object: whether a key comes next. `mayEnd`: no comma was read since the last element.
  let wantsKey = false;
  let wantsComma = false;
  let mayClose = false;
  let i = text.at(0) === BYTE_ORDER_MARK ? 1 : 0;
  const ended = () => {
    wantsComma = isObject.length > 0;
    mayClose = true;
  };
  for (;;) {
    while (isSpace(text.at(i)) || (isObject.length === 0 && text.at(i) === RS)) i++;
    if (i >= text.length) return true;
    const code = text.codes[i]!;
    const inObject = isObject.length > 0 && isObject[isObject.length - 1]!;
    if (code === CLOSE_OBJECT || code === CLOSE_ARRAY) {
      if (isObject.length === 0 || !mayClose || inObject !== (code === CLOSE_OBJECT)) return false;
      isObject.pop();
      wantsKey = false;
      handler.close(++i);
      ended();
    } else if (wantsComma) {
      if (code !== COMMA) return false;
      i++;
      wantsComma = false;
      mayClose = false;
      wantsKey = inObject;
    } else if (code === QUOTE) {
      const end = stringEnd(text, i + 1);
      if (end < 0) return false;
      // The handler may read other JSON.
      const wasClosed = isClosed;
      if (!wantsKey) {
        handler.string(i + 1, end, hadEscapes);
        ended();
      }
      if (!wasClosed) return true;
      if (wantsKey) {
        handler.key(i + 1, end);
        i = end + 1;
        while (isSpace(text.at(i))) i++;
        if (i >= text.length) return true;
        if (text.codes[i] !== COLON) return false;
        wantsKey = false;
        mayClose = false;
        i++;
      } else i = end + 1;
    } else if (wantsKey) {
      return false;
    } else if (code === OPEN_OBJECT || code === OPEN_ARRAY) {
      if (!handler.open(code === OPEN_OBJECT, i++)) return true;
      isObject.push(code === OPEN_OBJECT);
      wantsKey = code === OPEN_OBJECT;
      mayClose = true;
    } else {
      const end = scalarEnd(text, i);
      if (end < 0) return false;
      handler.scalar(i, end);
      i = end;
      ended();
    }
  }
}

/** What ends a string, begins an escape, or may not stand in a string: control characters. */
const STRING_SIGNS = codeSet(/["\\]|[^ -\x7f]/);

/** Of the string that was read last. */
let isClosed = false;
let hadEscapes = false;

/** Where a string ends; -1 if it is malformed. */
function stringEnd(text: CodedText, start: number): number {
  isClosed = false;
  hadEscapes = false;
  const { codes, length } = text;
  let i = start;
  for (; i < length; i++) {
    const code = codes[i]!;
    if (STRING_SIGNS[code] === 0) continue;
    if (code === QUOTE) {
      isClosed = true;
      return i;
    }
    if (code !== BACKSLASH) return -1;
    hadEscapes = true;
    const letter = text.at(i + 1);
    if (letter === LETTER_U) {
      if (i + 6 > length) return i;
      if (byteAt(text, i + 2) < 0 || byteAt(text, i + 4) < 0) return -1;
      i += 5;
    } else {
      if (i + 2 > length) return i;
      if (!ESCAPES.has(letter)) return -1;
      i++;
    }
  }
  return i;
}

/** Where a number, true, false or null ends; -1 if it is none of them. */
function scalarEnd(text: CodedText, start: number): number {
  let end = start;
  while (isDigit(text.at(end))) end++;
  if (end > start && !isScalarCode(text.at(end))) return end;
  while (isScalarCode(text.at(end))) end++;
  return isScalar(text.slice(start, end), end === text.length) ? end : -1;
}

const isDigit = (code: number) => code >= 48 && code <= 57;
const isScalarCode = (code: number) => code >= 0 && SCALAR_CODES[code] === 1;
const SCALAR_CODES = codeSet(/[-+.\w]/);

function isScalar(text: string, mayBeCut: boolean): boolean {
  const code = text.charCodeAt(0);
  if (code === 45 || isDigit(code)) return mayBeCut || NUMBER.test(text);
  return mayBeCut ? WORDS.some((word) => word.startsWith(text)) : WORDS.includes(text);
}
const WORDS = ['true', 'false', 'null'];
