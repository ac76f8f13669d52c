import { followsEscape, isWordCode } from './boundary.ts';
import { codeSet } from './code-set.ts';
import type { CodedText } from './coded-text.ts';
import type { Edits } from './edits.ts';
import { PrefixSearch } from './prefix-search.ts';
import { CHARACTER_SETS, SECRET_FORMATS } from './secret-formats.ts';

const JWT = 'eyJ';
/** Of `-----BEGIN` only the end is searched for: in a row of dashes, each one would have to be looked at as a beginning. */
const PRIVATE_KEY = '--BEGIN';
const DASHES_BEFORE = '---';

/** The tables of the sets of characters, and the number of each by its name. */
const SETS = Object.values(CHARACTER_SETS).map((pattern) => codeSet(pattern));
const setNumber = (name: keyof typeof CHARACTER_SETS) => Object.keys(CHARACTER_SETS).indexOf(name);
const [DOTTED, DASHED] = [setNumber('dotted'), setNumber('dashed')];
/** `DASHED` once more, for the runs behind the first dot of a web token: those before it are still measured. */
const PAYLOAD = SETS.push(SETS[DASHED]!) - 1;

interface Format {
  readonly prefix: string;
  readonly set: number;
  readonly min: number;
  readonly max: number;
}
const FORMATS: readonly Format[] = SECRET_FORMATS.flatMap(
  ({ prefixes, characters, min, max = Number.POSITIVE_INFINITY }) =>
    prefixes.map((prefix) => ({ prefix, set: setNumber(characters), min, max })),
);
/** All prefixes; those of `FORMATS` first, in the same order. */
const PREFIXES = [...FORMATS.map(({ prefix }) => prefix), JWT, PRIVATE_KEY];
const [JWT_NUMBER, PRIVATE_KEY_NUMBER] = [FORMATS.length, FORMATS.length + 1];
const SEARCH = new PrefixSearch(PREFIXES);
/** Characters at the end of a text that was cut that may be the beginning of a private key. */
const TAIL = 256;

/**
 * Replaces credentials of known formats, wherever they stand. A prefix that follows a letter or digit begins nothing.
 *
 * @param cut whether the text goes on after its end; then a run that reaches the end may be longer than it looks.
 * @returns the number of candidates: places where a prefix begins.
 */
export function replaceKnownSecrets(text: CodedText, edits: Edits, cut: boolean): number {
  runs.start();
  let candidates = 0;
  let done = 0;
  for (let found = SEARCH.next(text, 0); found >= 0; found = SEARCH.next(text, Math.max(done, found + 1))) {
    const isKey = text.codes[found] === DASH;
    const start = isKey ? found - DASHES_BEFORE.length : found;
    if (start < done || (isKey && !text.startsWith(DASHES_BEFORE, start)) || !startsWord(text, start))
      continue;
    candidates++;
    const end = credentialEnd(text, found, cut);
    if (end < 0) continue;
    edits.replace(start, end);
    done = end;
  }
  return candidates;
}

/** The end of the credential of the longest prefix at a position that one follows; -1 if there is none. */
function credentialEnd(text: CodedText, start: number, cut: boolean): number {
  for (let number = SEARCH.longest(text, start); number >= 0; number = SEARCH.shorter(number)) {
    const from = start + PREFIXES[number]!.length;
    const end =
      number === JWT_NUMBER
        ? webTokenEnd(text, from, cut)
        : number === PRIVATE_KEY_NUMBER
          ? privateKeyEnd(text, from, cut)
          : formatEnd(FORMATS[number]!, text, from, cut);
    if (end >= 0) return end;
  }
  return -1;
}

function startsWord(text: CodedText, start: number): boolean {
  const before = text.at(start - 1);
  return !isWordCode(before) || before === UNDERSCORE || followsEscape(text, start);
}

const [DASH, EQUALS, BACKSLASH, UNDERSCORE] = [45, 61, 92, 95];

function formatEnd({ set, min, max }: Format, text: CodedText, from: number, cut: boolean): number {
  const end = runs.end(text, set, from);
  if (cut && end === text.length) return end;
  const length = end - from;
  if (length < min || length > max) return -1;
  // The padding of base64.
  if (text.at(end) !== EQUALS) return end;
  return text.at(end + 1) === EQUALS ? end + 2 : end + 1;
}

/** A JSON Web Token, signed or encrypted: base64url with two dots or more. */
function webTokenEnd(text: CodedText, from: number, cut: boolean): number {
  const header = runs.end(text, DASHED, from);
  if (header - from < 10) return -1;
  const end = runs.end(text, DOTTED, from);
  if (cut && end === text.length) return end;
  // A second dot stands before the end.
  return header < end && runs.end(text, PAYLOAD, header + 1) < end ? end : -1;
}

const KEY_LINE = /^[ A-Z0-9_+%-]{0,100}?PRIVATE[ +]?(?:%20)?KEY/;

/** A private key in PEM: to the end of its last line, or as far as a text in quotes or an element goes. */
function privateKeyEnd(text: CodedText, from: number, cut: boolean): number {
  if (!FOLLOWS_BEGIN.has(text.at(from)) && !(cut && from > text.length - TAIL)) return -1;
  const head = text.slice(from, from + 128);
  if (!KEY_LINE.test(head) && !(cut && from + 128 > text.length)) return -1;
  STOP.lastIndex = from;
  const stop = STOP.exec(text.string);
  if (stop === null) return text.length;
  if (stop[0] !== '-----END') return beforeBackslashes(text, stop.index, from);
  const last = text.indexOf('-----', stop.index + 8);
  return last < 0 ? text.length : last + 5;
}

/** Blank, plus and percent sign: a blank in a form. */
const FOLLOWS_BEGIN = new Set([32, 43, 37]);
const STOP = /-----END|["<&]/g;

/** A quote and the backslashes before it belong together. */
function beforeBackslashes(text: CodedText, i: number, from: number): number {
  let start = i;
  while (start > from && text.codes[start - 1] === BACKSLASH) start--;
  return start;
}

/** Ends of runs of characters in one text. A run is measured once, however many prefixes it holds. */
class Runs {
  /** Where the last run of each set begins and ends. */
  readonly #starts = new Int32Array(SETS.length);
  readonly #ends = new Int32Array(SETS.length);

  /** Begins another text. */
  start(): void {
    this.#ends.fill(-1);
  }

  /** The end of the run of characters of a set that begins at `from`. */
  end(text: CodedText, set: number, from: number): number {
    if (from >= this.#starts[set]! && from <= this.#ends[set]!) return this.#ends[set]!;
    const characters = SETS[set]!;
    let end = from;
    for (; end < text.length; end++) {
      const code = text.codes[end]!;
      if (characters[code] !== 1) break;
    }
    this.#starts[set] = from;
    this.#ends[set] = end;
    return end;
  }
}
const runs = new Runs();
