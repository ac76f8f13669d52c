import { replaceCardNumbers } from './card-numbers.ts';
import { type CodedText, closeText, openPart, openText } from './coded-text.ts';
import { Edits, REDACTED } from './edits.ts';
import { type JsonHandler, readJson } from './json-reader.ts';
import { HIDING_JSON_ESCAPE, type Search } from './search.ts';
import { hasSigns } from './signs.ts';

/**
 * Redacts JSON text without making values of it: what is not redacted stays as it is, to the byte. Takes what `readJson`
 * takes.
 *
 * Secret are the values of secret keys, at any depth, but null; the `value` beside a secret `name` or `key`; the second
 * of two elements whose first is a secret name. Keys and strings are searched as texts.
 *
 * @param cut whether the text goes on after its end; then what is open at the end counts as a secret.
 * @returns null if the text is not JSON.
 */
export function redactJson(text: CodedText, search: Search, cut: boolean): string | null {
  const redaction = new JsonRedaction(text, search, cut);
  if (!readJson(text, redaction)) return null;
  return redaction.isTooIntricate ? REDACTED : redaction.result();
}

/** What the last key of an object means for its value. */
const [OTHER, SECRET_KEY, NAME_KEY, VALUE_KEY, HEADERS_KEY] = [0, 1, 2, 3, 4];

/*
 * An object or array that is open is a frame of three numbers in one array: where it starts, its state, and how many of
 * its elements were read. Texts can open one with each character, and garbage collection of as many objects takes longer
 * than to read them.
 */
const [STATE, COUNT, FRAME_LENGTH] = [1, 2, 3];
/** The state of a frame has the meaning of its last key in the lowest bits, and these. */
const KEY = 7;
const IS_OBJECT = 8;
/** Names and values take turns in this array, as in Node's `rawHeaders`. */
const ALTERNATES = 16;
/** The object has a name. */
const IS_NAMED = 32;
/** The object has a secret name; the last element of the array is one. */
const IS_SECRET_NAME = 64;
/** `#spans` has the frame. */
const HAS_SPANS = 128;

/** See `Search.spend`. */
const WORK_PER_FRAME = 4;
const NAMES = new Set(['name', 'Name', 'key', 'Key']);
const VALUES = new Set(['value', 'Value']);
const SECRET = JSON.stringify(REDACTED);
/** No frame. */
const NONE = -1;

class JsonRedaction implements JsonHandler {
  /** Whether the text would cost too much work to search. */
  isTooIntricate = false;
  readonly #text: CodedText;
  readonly #search: Search;
  readonly #cut: boolean;
  readonly #frames: number[] = [];
  /** By the position of a frame: the `value` of an object, as start and end; the elements of an array that follow a secret name, likewise. */
  readonly #spans = new Map<number, number[]>();
  readonly #edits: { readonly start: number; readonly end: number; readonly by: string }[] = [];
  #isSorted = true;
  /** The position of the frame whose secret value is being read; -1: none is. */
  #hiding = NONE;

  constructor(text: CodedText, search: Search, cut: boolean) {
    this.#text = text;
    this.#search = search;
    this.#cut = cut;
  }

  open(isObject: boolean, start: number): boolean {
    const key = this.#key();
    if (key === SECRET_KEY && this.#hiding === NONE) this.#hiding = this.#last();
    this.#frames.push(start, (isObject ? IS_OBJECT : 0) | (key === HEADERS_KEY ? ALTERNATES : 0), 0);
    this.isTooIntricate = !this.#search.spend(WORK_PER_FRAME);
    return !this.isTooIntricate;
  }

  close(end: number): void {
    this.#took(this.#pop(false), end, false);
  }

  key(start: number, end: number): void {
    if (this.#hiding !== NONE) return;
    this.#setKey(this.#last(), this.#meaningOf(start, end));
    if (hasSigns(this.#text, start, end)) this.#searchString(start, end, false, true);
  }

  string(start: number, end: number, hasEscapes: boolean): void {
    const isSecret = this.#key() === SECRET_KEY;
    const isName = !isSecret && this.#hiding === NONE && this.#isName(start, end);
    if (!isSecret && this.#hiding === NONE && (hasEscapes || hasSigns(this.#text, start, end))) {
      this.#searchString(start, end, hasEscapes, this.#isClosed(end));
    }
    const isClosed = this.#isClosed(end);
    // The name may go on as one that is secret.
    if (!isClosed && this.#key() === NAME_KEY) return;
    this.#took(start - 1, isClosed ? end + 1 : this.#text.length, isName);
  }

  scalar(start: number, end: number): void {
    if (this.#hiding === NONE && end - start > 6) {
      const number = openPart(this.#text, start, end);
      const edits = new Edits(number.string);
      replaceCardNumbers(number, edits, this.#cut && end === this.#text.length);
      if (edits.changed) this.#replace(start, end, SECRET);
      closeText(number);
    }
    this.#took(start, end, false);
  }

  result(): string {
    // What is open at the end has no end of its own.
    while (this.#frames.length > 0) {
      const start = this.#pop(this.#cut);
      if (this.#frames.length > 0) this.#took(start, this.#text.length, false);
    }
    if (!this.#isSorted) this.#edits.sort((a, b) => a.start - b.start || b.end - a.end);
    const edits = new Edits(this.#text.string);
    for (const { start, end, by } of this.#edits) edits.replace(start, end, by);
    return edits.result();
  }

  /** The position of the last frame; negative if none is open. */
  #last(): number {
    return this.#frames.length - FRAME_LENGTH;
  }

  /** What the last key of the last frame means. */
  #key(): number {
    const last = this.#last();
    return last < 0 ? OTHER : this.#frames[last + STATE]! & KEY;
  }

  #setKey(frame: number, key: number): void {
    const state = frame + STATE;
    this.#frames[state] = (this.#frames[state]! & ~KEY) | key;
  }

  /** Takes the last frame from the others, and redacts what only it shows to be secret. Returns where it starts. */
  #pop(isOpen: boolean): number {
    const frame = this.#last();
    const count = this.#frames.pop()!;
    const state = this.#frames.pop()!;
    const start = this.#frames.pop()!;
    if ((state & HAS_SPANS) !== 0) {
      if (this.#hiding === NONE) this.#settle(this.#spans.get(frame)!, state, count, isOpen);
      this.#spans.delete(frame);
    }
    return start;
  }

  /** Records that the value from `start` to `end` was read. */
  #took(start: number, end: number, isName: boolean): void {
    const frame = this.#last();
    if (frame < 0) return;
    if (this.#hiding === frame) this.#hiding = NONE;
    if (this.#hiding !== NONE) return;
    const frames = this.#frames;
    const state = frames[frame + STATE]!;
    if ((state & IS_OBJECT) !== 0) {
      const key = state & KEY;
      let next = state & ~KEY;
      if (key === SECRET_KEY) this.#hide(start, end);
      else if (key === NAME_KEY) next |= isName ? IS_NAMED | IS_SECRET_NAME : IS_NAMED;
      else if (key === VALUE_KEY) {
        this.#spans.set(frame, [start, end]);
        next |= HAS_SPANS;
      }
      frames[frame + STATE] = next;
      return;
    }
    let next = isName ? state | IS_SECRET_NAME : state & ~IS_SECRET_NAME;
    const count = frames[frame + COUNT]!;
    if ((state & IS_SECRET_NAME) !== 0 && count % 2 === 1) {
      const spans = this.#spans.get(frame);
      if (spans === undefined) this.#spans.set(frame, [start, end]);
      else spans.push(start, end);
      next |= HAS_SPANS;
    }
    frames[frame + STATE] = next;
    frames[frame + COUNT] = count + 1;
  }

  /** Redacts what only the whole object or array shows to be secret. */
  #settle(spans: readonly number[], state: number, count: number, isOpen: boolean): void {
    const isSecret =
      (state & IS_OBJECT) !== 0
        ? // Without work left, the name was not compared.
          (state & IS_SECRET_NAME) !== 0 || ((state & IS_NAMED) === 0 && (isOpen || !this.#search.spend(0)))
        : count === 2 || ((state & ALTERNATES) !== 0 && (isOpen || count % 2 === 0));
    for (let i = 0; isSecret && i < spans.length; i += 2) this.#hide(spans[i]!, spans[i + 1]!);
  }

  #meaningOf(start: number, end: number): number {
    if (this.#search.isSecret(this.#text, start, end)) return SECRET_KEY;
    const length = end - start;
    if (length < 3 || length > 32) return OTHER;
    if (length <= 5) {
      const key = this.#text.slice(start, end);
      if (NAMES.has(key)) return NAME_KEY;
      if (VALUES.has(key)) return VALUE_KEY;
    }
    return HEADERS.test(this.#text.slice(start, end)) ? HEADERS_KEY : OTHER;
  }

  /** Whether a string is a secret name and nothing else. */
  #isName(start: number, end: number): boolean {
    const frame = this.#last();
    if (end - start > MAX_NAME || frame < 0) return false;
    const state = this.#frames[frame + STATE]!;
    if ((state & IS_OBJECT) !== 0 ? (state & KEY) !== NAME_KEY : this.#frames[frame + COUNT]! % 2 === 1) {
      return false;
    }
    for (let i = start; i < end; i++) if (NAME_ENDS.has(this.#text.codes[i]!)) return false;
    return this.#search.isSecret(this.#text, start, end);
  }

  /** Whether a string that ends at `end` has its second quote. */
  #isClosed(end: number): boolean {
    return this.#text.at(end) === 34;
  }

  #searchString(start: number, end: number, hasEscapes: boolean, isClosed: boolean): void {
    const raw = openPart(this.#text, start, end);
    const cut = this.#cut && !isClosed;
    const text = hasEscapes ? openText(JSON.parse(`"${raw.string}"`) as string) : raw;
    const shown =
      hasEscapes && HIDING_JSON_ESCAPE.test(raw.string)
        ? this.#search.decoded(text, cut, raw)
        : this.#search.text(text, cut);
    if (shown !== text.string) this.#replace(start, end, JSON.stringify(shown).slice(1, -1));
    closeText(raw);
  }

  #hide(start: number, end: number): void {
    if (this.#text.codes[start] === 110) return; // null
    this.#replace(start, end, SECRET);
  }

  #replace(start: number, end: number, by: string): void {
    const last = this.#edits.at(-1);
    if (last !== undefined && start < last.end) this.#isSorted = false;
    this.#edits.push({ start, end, by });
  }
}

const HEADERS = /headers$/i;
const MAX_NAME = 256;
/** What is no part of a name: blanks and the signs that separate a name from its value. */
const NAME_ENDS = new Set([...' \t\n=:,;"{'].map((sign) => sign.charCodeAt(0)));
