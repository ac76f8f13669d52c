import { followsEscape, isWordCode } from './boundary.ts';
import type { Edits } from './edits.ts';
import { CHARACTER_SETS, SECRET_FORMATS, type SecretFormat } from './secret-formats.ts';

const JWT = 'eyJ';
const PRIVATE_KEY = '-----BEGIN';

const FORMAT_OF = new Map(
  SECRET_FORMATS.flatMap((format) => format.prefixes.map((prefix) => [prefix, format])),
);
/** Longer prefixes first: `sk-ant-` before `sk-`. */
const PREFIXES = [JWT, PRIVATE_KEY, ...FORMAT_OF.keys()].sort((a, b) => b.length - a.length);

const escaped = (text: string) => text.replace(/[.\\/+]/g, '\\$&');

/** All prefixes as one pattern, each with what must follow. */
const patternOf = (follows: (prefix: string) => string) =>
  new RegExp(PREFIXES.map((prefix) => `(?:${escaped(prefix)})${follows(prefix)}`).join('|'), 'g');
/** That enough characters follow is asked in the pattern, so that near misses cost next to nothing. */
const CANDIDATES = patternOf((prefix) => {
  const format = FORMAT_OF.get(prefix);
  if (format !== undefined) return `(?=${CHARACTER_SETS[format.characters].source}{${format.min}})`;
  return prefix === JWT ? '(?=[\\w-]{10})' : '(?=[ +%])';
});
/** The prefixes alone: three times as fast where there are none. */
const MAY_HOLD = new RegExp(PREFIXES.map(escaped).join('|'));
/** At the end of a text that was cut, a prefix is enough. */
const BEGINNINGS = patternOf(() => '');
/** Characters at the end that may be the beginning of a credential; a longer one has all that its format needs. */
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
  const runs = new Runs(text);
  const end = MAY_HOLD.test(text) ? replaceMatches(CANDIDATES, 0) : 0;
  if (cut) replaceMatches(BEGINNINGS, Math.max(end, text.length - TAIL));

  function replaceMatches(pattern: RegExp, from: number): number {
    let done = from;
    pattern.lastIndex = from;
    for (let match = pattern.exec(text); match !== null; match = pattern.exec(text)) {
      const [{ length }] = match;
      const start = match.index;
      const before = text.charCodeAt(start - 1);
      if (isWordCode(before) && before !== UNDERSCORE && !followsEscape(text, start)) continue;
      const end = credentialEnd(match[0], start + length);
      if (end < 0) continue;
      edits.replace(start, end);
      done = end;
      pattern.lastIndex = end;
    }
    return done;
  }

  function credentialEnd(prefix: string, from: number): number {
    const format = FORMAT_OF.get(prefix);
    if (format !== undefined) return formatEnd(format, runs, from, cut);
    return prefix === JWT ? webTokenEnd(text, runs, from, cut) : privateKeyEnd(text, from, cut);
  }
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
  const head = text.slice(from, from + 128);
  if (!KEY_LINE.test(head) && !(cut && from + 128 > text.length)) return -1;
  STOP.lastIndex = from;
  const stop = STOP.exec(text);
  if (stop === null) return text.length;
  if (stop[0] !== '-----END') return beforeBackslashes(text, stop.index, from);
  const last = text.indexOf('-----', stop.index + 8);
  return last < 0 ? text.length : last + 5;
}

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
    while (end < this.length && characters[this.#text.charCodeAt(end)] === 1) end++;
    this.#known.set(characters, { start: from, end });
    return end;
  }
}
