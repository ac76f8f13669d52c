import { followsEscape, isWordCode } from './boundary.ts';
import { codeAt } from './code-at.ts';
import type { Edits } from './edits.ts';
import { PrefixSearch } from './prefix-search.ts';
import { CHARACTER_SETS, SECRET_FORMATS, type SecretFormat } from './secret-formats.ts';

const JWT = 'eyJ';
/** Of `-----BEGIN` only the end is searched for: in a row of dashes, each one would have to be looked at as a beginning. */
const PRIVATE_KEY = '--BEGIN';
const DASHES_BEFORE = '---';

const FORMATS = SECRET_FORMATS.flatMap((format) => format.prefixes.map((prefix) => ({ prefix, format })));
/** All prefixes; those of `FORMATS` first, in the same order. */
const PREFIXES = [...FORMATS.map(({ prefix }) => prefix), JWT, PRIVATE_KEY];
const SEARCH = new PrefixSearch(PREFIXES);
/** Characters at the end of a text that was cut that may be the beginning of a private key. */
const TAIL = 256;

type Characters = Uint8Array;
const tableOf = (pattern: RegExp): Characters =>
  Uint8Array.from({ length: 128 }, (_, code) => Number(pattern.test(String.fromCharCode(code))));
const SETS = Object.fromEntries(
  Object.entries(CHARACTER_SETS).map(([name, pattern]) => [name, tableOf(pattern)]),
) as Record<SecretFormat['characters'], Characters>;

/**
 * Replaces credentials of known formats, wherever they stand. A prefix that follows a letter or digit begins nothing.
 *
 * @param cut whether the text goes on after its end; then a run that reaches the end may be longer than it looks.
 */
export function replaceKnownSecrets(text: string, edits: Edits, cut: boolean): void {
  let runs: Runs | null = null;
  let done = 0;
  for (let found = SEARCH.next(text, 0); found >= 0; found = SEARCH.next(text, Math.max(done, found + 1))) {
    const isKey = text.startsWith(PRIVATE_KEY, found);
    const start = isKey ? found - DASHES_BEFORE.length : found;
    if (start < done || (isKey && !text.startsWith(DASHES_BEFORE, start)) || !startsWord(text, start))
      continue;
    const end = credentialEnd(found);
    if (end < 0) continue;
    edits.replace(start, end);
    done = end;
  }

  /** The end of the credential of the longest prefix at a position that one follows; -1 if there is none. */
  function credentialEnd(start: number): number {
    for (let number = SEARCH.longest(text, start); number >= 0; number = SEARCH.shorter(number)) {
      const prefix = PREFIXES[number]!;
      const from = start + prefix.length;
      runs ??= new Runs(text);
      const format = FORMATS[number]?.format;
      const end = format
        ? formatEnd(format, runs, from, cut)
        : prefix === JWT
          ? webTokenEnd(text, runs, from, cut)
          : privateKeyEnd(text, from, cut);
      if (end >= 0) return end;
    }
    return -1;
  }
}

function startsWord(text: string, start: number): boolean {
  const before = codeAt(text, start - 1);
  return !isWordCode(before) || before === UNDERSCORE || followsEscape(text, start);
}

const UNDERSCORE = 95;

function formatEnd(format: SecretFormat, runs: Runs, from: number, cut: boolean): number {
  const end = runs.end(SETS[format.characters], from);
  if (cut && end === runs.length) return end;
  const length = end - from;
  if (length < format.min || length > (format.max ?? length)) return -1;
  // The padding of base64.
  return runs.padded(end);
}

/** A JSON Web Token, signed or encrypted: base64url with two dots or more. */
function webTokenEnd(text: string, runs: Runs, from: number, cut: boolean): number {
  const end = runs.end(SETS.dotted, from);
  const header = runs.end(SETS.dashed, from);
  if (header - from < 10) return -1;
  if (cut && end === text.length) return end;
  const dot = text.indexOf('.', header + 1);
  return header < end && dot > 0 && dot < end ? end : -1;
}

const KEY_LINE = /^[ A-Z0-9_+%-]{0,100}?PRIVATE[ +]?(?:%20)?KEY/;

/** A private key in PEM: to the end of its last line, or as far as a text in quotes or an element goes. */
function privateKeyEnd(text: string, from: number, cut: boolean): number {
  if (!FOLLOWS_BEGIN.has(codeAt(text, from)) && !(cut && from > text.length - TAIL)) return -1;
  const head = text.slice(from, from + 128);
  if (!KEY_LINE.test(head) && !(cut && from + 128 > text.length)) return -1;
  STOP.lastIndex = from;
  const stop = STOP.exec(text);
  if (stop === null) return text.length;
  if (stop[0] !== '-----END') return beforeBackslashes(text, stop.index, from);
  const last = text.indexOf('-----', stop.index + 8);
  return last < 0 ? text.length : last + 5;
}

/** Blank, plus and percent sign: a blank in a form. */
const FOLLOWS_BEGIN = new Set([32, 43, 37]);
const STOP = /-----END|["<&]/g;

/** A quote and the backslashes before it belong together. */
function beforeBackslashes(text: string, i: number, from: number): number {
  let start = i;
  while (start > from && text[start - 1] === '\\') start--;
  return start;
}

/** Ends of runs of characters. One run is measured once, however many prefixes it holds. */
class Runs {
  readonly #text: string;
  readonly #known = new Map<Characters, { start: number; end: number }>();
  readonly length: number;

  constructor(text: string) {
    this.#text = text;
    this.length = text.length;
  }

  /** The position after up to two `=` at `end`. */
  padded(end: number): number {
    return this.#text.startsWith('==', end) ? end + 2 : this.#text[end] === '=' ? end + 1 : end;
  }

  end(characters: Characters, from: number): number {
    const known = this.#known.get(characters);
    if (known !== undefined && from >= known.start && from <= known.end) return known.end;
    let end = from;
    for (; end < this.length; end++) {
      const code = this.#text.charCodeAt(end);
      if (code >= 128 || characters[code] !== 1) break;
    }
    this.#known.set(characters, { start: from, end });
    return end;
  }
}
