import { CharacterSearch } from './character-search.ts';
import { codeSet } from './code-set.ts';
import type { CodedText } from './coded-text.ts';
import { Edits } from './edits.ts';
import { groupEnd } from './group-end.ts';
import { isBlank, type Search, skipBlanks, skipBlanksBack } from './search.ts';
import { UserInfo } from './user-info.ts';

const [EQUALS, COLON, GREATER, SLASH, OPEN_BRACKET, BACKSLASH, OPEN_BRACE] = [61, 58, 62, 47, 91, 92, 123];
/** What separates a name from its value, and begins a host. */
const SIGNS = new CharacterSearch('=:/');
/** The same in a text without user info. */
const NAME_SIGNS = new CharacterSearch('=:');
const isQuote = (code: number) => code === 34 || code === 39 || code === 96;

/** See `Search.spend`. */
const WORK_PER_SECRET = 16;

/**
 * Redacts text of no particular form: user info of URLs, and the values of what is written as `name=value`, `name: value`
 * or `"name" => "value"`, with any quotes, escaped any number of times. It is also what reads GraphQL (block strings) and
 * JSON that is malformed or stands in other text. Goes from separator to separator and looks at no character more than
 * a fixed number of times.
 *
 * A value in quotes, brackets or braces ends with them, or with the text; `Cookie: ` and `Authorization: ` go to the
 * end of the line, unless the text is a document with other rules for values; any other value goes to the next blank, `&`, `<` or `>`, less the quotes and brackets before it.
 */
export function redactFreeText(
  text: CodedText,
  search: Search,
  cut: boolean,
  kind: 'prose' | 'document' = 'prose',
): string {
  let edits: Edits | null = null;
  let userInfo: UserInfo | null = null;
  const replace = (start: number, end: number) => {
    edits ??= new Edits(text.string);
    edits.replace(start, end);
  };
  // What stands before has been looked at and begins no name.
  let floor = 0;
  let signs = SIGNS;
  for (let i = signs.next(text, 0); i < text.length; i = signs.next(text, i + 1)) {
    if (text.codes[i] === SLASH) {
      if (userInfo === null) {
        userInfo = new UserInfo(text, text.length, cut);
        if (!userInfo.isPossible) signs = NAME_SIGNS;
      }
      if (text.at(i + 1) !== SLASH) continue;
      const end = userInfo.end(i + 2);
      i++;
      if (end < 0) continue;
      if (!search.spend(WORK_PER_SECRET)) {
        replace(i + 1, text.length);
        break;
      }
      replace(i + 1, end);
      i = end;
      floor = end;
    } else {
      const start = nameStart(text, i, floor);
      floor = i + 1;
      if (nameEnd - start < 2 || !search.isSecret(text, start, nameEnd)) continue;
      if (!search.spend(WORK_PER_SECRET)) {
        replace(i + 1, text.length);
        break;
      }
      const value = valueAfter(text, i, kind, isHeader(text, start, nameEnd));
      if (value.end > value.start) replace(value.start, value.end);
      let { next } = value;
      // `$password: String = "..."`: a type stands before the value.
      for (;;) {
        const equals = skipBlanks(text, next, text.length);
        if (text.at(equals) !== EQUALS) break;
        const other = valueAfter(text, equals, kind, false);
        if (other.end > other.start) replace(other.start, other.end);
        next = other.next;
      }
      i = Math.max(i, next - 1);
      floor = i + 1;
    }
  }
  return (edits as Edits | null)?.result() ?? text.string;
}

/** The end of the name that `nameStart` found last. */
let nameEnd = 0;

/** Where the name before a separator begins. */
function nameStart(text: CodedText, separator: number, floor: number): number {
  let end = skipBlanksBack(text, separator, floor);
  const quote = end > floor ? text.codes[end - 1]! : 0;
  if (isQuote(quote)) {
    nameEnd = --end;
    let start = end;
    while (start > floor && text.codes[start - 1] !== quote) start--;
    return start;
  }
  nameEnd = end;
  const start = wordStart(text, end, floor);
  // `API key: ...`: the word before counts as well.
  const before = skipBlanksBack(text, start, floor);
  return before < start && start - before <= 1 ? wordStart(text, before, floor) : start;
}

function wordStart(text: CodedText, end: number, floor: number): number {
  let start = end;
  while (start > floor && isNameCode(text.codes[start - 1]!)) start--;
  return start;
}

/** Letters, digits, `_ - . $ % [ ] \ +` and all that is not ASCII. */
function isNameCode(code: number): boolean {
  return NAME_CODES[code] === 1;
}
const NAME_CODES = codeSet(/[\w\-.$%[\]\\+]/, 0xa1);

const HEADER = /cookie|authorization$/i;
const SHORTEST_HEADER = 'cookie'.length;
function isHeader(text: CodedText, start: number, end: number): boolean {
  return end - start >= SHORTEST_HEADER && end - start <= 64 && HEADER.test(text.slice(start, end));
}

interface Value {
  readonly start: number;
  readonly end: number;
  /** Where the search goes on. */
  readonly next: number;
}

function valueAfter(
  text: CodedText,
  separator: number,
  kind: 'prose' | 'document',
  isHeader: boolean,
): Value {
  let i = separator + 1;
  while (isSeparator(text.at(i))) i++;
  i = skipBlanks(text, i, text.length);
  const backslashes = run(text, i, BACKSLASH);
  const quote = text.at(i + backslashes);
  if (isQuote(quote)) {
    const value = quotedValue(text, i + backslashes, quote, backslashes);
    // `password=''more`: what follows empty quotes belongs to the value.
    if (value.end > value.start || text.startsWith('/>', value.next)) return value;
    const end = tokenEnd(text, value.next);
    return end > value.next ? { start: value.start, end, next: end } : value;
  }
  const reference = quoteReference(text, i);
  if (reference !== undefined) {
    const start = QUOTE_REFERENCE.lastIndex;
    const close = text.indexOf(reference, start);
    return close < 0
      ? { start, end: text.length, next: text.length }
      : { start, end: close, next: close + reference.length };
  }
  const first = text.at(i);
  if (first === OPEN_BRACE || first === OPEN_BRACKET) {
    const close = groupEnd(text, i);
    const end = close < 0 ? text.length : close;
    return { start: i, end, next: end };
  }
  let end = kind === 'document' ? wordEnd(text, i) : isHeader ? lineEnd(text, i) : bareEnd(text, i);
  // No value of a document begins so, but the document can be in a string of a program.
  if (kind === 'document' && end === i) end = bareEnd(text, i);
  return { start: i, end, next: end };
}

/** A quote as XML writes it, in text that was not decoded; blanks before it may be encoded, too. */
const QUOTE_REFERENCE = /(?:%20|\\)*(&(?:quot|apos|#0{0,4}(?:34|39)|#x0{0,4}2[27]);)/iy;
const REFERENCE_STARTS = codeSet(/[%\\&]/);

/** The quote that stands at a position as XML writes it. What follows it stands at `QUOTE_REFERENCE.lastIndex`. */
function quoteReference(text: CodedText, i: number): string | undefined {
  const code = text.at(i);
  if (code < 0 || REFERENCE_STARTS[code] === 0) return undefined;
  QUOTE_REFERENCE.lastIndex = i;
  return QUOTE_REFERENCE.exec(text.string)?.[1];
}

function isSeparator(code: number): boolean {
  return code === EQUALS || code === COLON || code === GREATER;
}

function run(text: CodedText, start: number, code: number): number {
  let i = start;
  while (text.at(i) === code) i++;
  return i - start;
}

/** The text in quotes. A quote that is escaped more often than the first one does not end it. */
function quotedValue(text: CodedText, at: number, quote: number, backslashes: number): Value {
  const isBlock = backslashes === 0 && text.at(at + 1) === quote && text.at(at + 2) === quote;
  const start = at + (isBlock ? 3 : 1);
  let escapes = 0;
  for (let i = start; i < text.length; i++) {
    const code = text.codes[i]!;
    if (code === BACKSLASH) {
      escapes++;
      continue;
    }
    const isOpen = backslashes === 0 ? escapes % 2 === 1 : escapes > backslashes;
    if (code === quote && !isOpen) {
      if (!isBlock) return { start, end: backslashes === 0 ? i : i - escapes, next: i + 1 };
      if (text.at(i + 1) === quote && text.at(i + 2) === quote) {
        return { start, end: i, next: i + 3 };
      }
    }
    escapes = 0;
  }
  return { start, end: text.length, next: text.length };
}

function lineEnd(text: CodedText, start: number): number {
  for (let i = start; i < text.length; i++) {
    const code = text.codes[i]!;
    if (code === 10 || code === 13) return i;
  }
  return text.length;
}

/** The end of a value without quotes; the name of a scheme (`Bearer`) belongs to it. */
function bareEnd(text: CodedText, start: number): number {
  const end = tokenEnd(text, start);
  if (!isSchemeName(text, start, end)) return end;
  const credentials = skipBlanks(text, end, text.length);
  return credentials === end ? end : tokenEnd(text, credentials);
}

const SCHEMES = new Set([
  'bearer',
  'basic',
  'digest',
  'token',
  'negotiate',
  'apikey',
  'hmac',
  'ntlm',
  'dpop',
]);
const LENGTHS = [...SCHEMES].map((scheme) => scheme.length);
const [MIN_SCHEME, MAX_SCHEME] = [Math.min(...LENGTHS), Math.max(...LENGTHS)];
/** Letters that end the name of a scheme: most words do not, and a look at one is cheaper than a string. */
const SCHEME_ENDS = new Set(
  [...SCHEMES].flatMap((scheme) =>
    [scheme.at(-1)!, scheme.at(-1)!.toUpperCase()].map((end) => end.charCodeAt(0)),
  ),
);

function isSchemeName(text: CodedText, start: number, end: number): boolean {
  const length = end - start;
  if (length < MIN_SCHEME || length > MAX_SCHEME || !SCHEME_ENDS.has(text.codes[end - 1]!)) return false;
  return SCHEMES.has(text.slice(start, end).toLowerCase());
}

/**
 * The end of a value without quotes. Quotes, brackets, commas and the like end it if nothing but more of them follows, up
 * to the next blank: `f(token=x)` ends before the bracket, `token=x)y` does not.
 */
function tokenEnd(text: CodedText, start: number): number {
  let i = runOfClosing(text, start);
  if (i > start && endsToken(text, i)) return start;
  for (; i < text.length; i++) {
    if (endsToken(text, i)) break;
    if (!isClosing(text.codes[i]!)) continue;
    const end = runOfClosing(text, i);
    if (endsToken(text, end)) break;
    i = end - 1;
  }
  return i;
}

/** The end of a number, word or variable of a document. */
function wordEnd(text: CodedText, start: number): number {
  let i = start;
  for (; i < text.length; i++) {
    const code = text.codes[i]!;
    if (WORD_CODES[code] !== 1) break;
  }
  return i;
}
const WORD_CODES = codeSet(/[\w$.+-]/);

function endsToken(text: CodedText, i: number): boolean {
  if (i >= text.length) return true;
  const code = text.codes[i]!;
  return isBlank(code) || code === 38 || code === 60 || code === GREATER;
}

function runOfClosing(text: CodedText, start: number): number {
  let i = start;
  while (isClosing(text.at(i))) i++;
  return i;
}
const isClosing = (code: number) => code >= 0 && CLOSING[code] === 1;
const CLOSING = codeSet(/["'`)\]},;\\]/);
