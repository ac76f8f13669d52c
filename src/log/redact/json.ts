import { replaceCardNumbers } from './card-numbers.ts';
import { type CodedText, closeText, openPart, openText, withCodes } from './coded-text.ts';
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

/** An object or array that is open. Texts can open one with each character, so it is kept small. */
class Frame {
  readonly start: number;
  readonly isObject: boolean;
  /** Whether names and values take turns in this array, as in Node's `rawHeaders`. */
  readonly alternates: boolean;
  key = OTHER;
  /** Whether the object has a name, or a secret one; whether the last element of the array is a secret name. */
  isNamed = false;
  isSecretName = false;
  /** The `value` of the object, as start and end; the elements of the array that follow a secret name, likewise. */
  spans: number[] | null = null;
  /** Elements of the array that were read. */
  count = 0;

  constructor(start: number, isObject: boolean, alternates: boolean) {
    this.start = start;
    this.isObject = isObject;
    this.alternates = alternates;
  }
}

/** See `Search.spend`. */
const WORK_PER_FRAME = 4;
const NAMES = new Set(['name', 'Name', 'key', 'Key']);
const VALUES = new Set(['value', 'Value']);
const SECRET = JSON.stringify(REDACTED);

class JsonRedaction implements JsonHandler {
  /** Whether the text would cost too much work to search. */
  isTooIntricate = false;
  readonly #text: CodedText;
  readonly #search: Search;
  readonly #cut: boolean;
  readonly #frames: Frame[] = [];
  readonly #edits: { readonly start: number; readonly end: number; readonly by: string }[] = [];
  #isSorted = true;
  /** The frame whose secret value is being read; null: none is. */
  #hiding: Frame | null = null;

  constructor(text: CodedText, search: Search, cut: boolean) {
    this.#text = text;
    this.#search = search;
    this.#cut = cut;
  }

  open(isObject: boolean, start: number): boolean {
    const parent = this.#frames.at(-1);
    const key = parent?.key ?? OTHER;
    if (key === SECRET_KEY && this.#hiding === null) this.#hiding = parent!;
    this.#frames.push(new Frame(start, isObject, key === HEADERS_KEY));
    this.isTooIntricate = !this.#search.spend(WORK_PER_FRAME);
    return !this.isTooIntricate;
  }

  close(end: number): void {
    const frame = this.#frames.pop()!;
    this.#settle(frame, false);
    this.#took(frame.start, end, false);
  }

  key(start: number, end: number): void {
    const frame = this.#frames.at(-1)!;
    if (this.#hiding !== null) return;
    frame.key = this.#meaningOf(start, end);
    if (hasSigns(this.#text, start, end)) this.#searchString(start, end, false, true);
  }

  string(start: number, end: number, hasEscapes: boolean): void {
    const isSecret = this.#frames.at(-1)?.key === SECRET_KEY;
    const isName = !isSecret && this.#hiding === null && this.#isName(start, end);
    if (!isSecret && this.#hiding === null && (hasEscapes || hasSigns(this.#text, start, end))) {
      this.#searchString(start, end, hasEscapes, this.#isClosed(end));
    }
    const isClosed = this.#isClosed(end);
    // The name may go on as one that is secret.
    if (!isClosed && this.#frames.at(-1)?.key === NAME_KEY) return;
    this.#took(start - 1, isClosed ? end + 1 : this.#text.length, isName);
  }

  scalar(start: number, end: number): void {
    if (this.#hiding === null && end - start > 6) {
      const number = this.#text.slice(start, end);
      const edits = new Edits(number);
      const isCut = this.#cut && end === this.#text.length;
      withCodes(number, (text) => replaceCardNumbers(text, edits, isCut));
      if (edits.changed) this.#replace(start, end, SECRET);
    }
    this.#took(start, end, false);
  }

  result(): string {
    // What is open at the end has no end of its own.
    for (let frame = this.#frames.pop(); frame !== undefined; frame = this.#frames.pop()) {
      this.#settle(frame, this.#cut);
      if (this.#frames.at(-1) !== undefined) this.#took(frame.start, this.#text.length, false);
    }
    if (!this.#isSorted) this.#edits.sort((a, b) => a.start - b.start || b.end - a.end);
    const edits = new Edits(this.#text.string);
    for (const { start, end, by } of this.#edits) edits.replace(start, end, by);
    return edits.result();
  }

  /** Records that the value from `start` to `end` was read. */
  #took(start: number, end: number, isName: boolean): void {
    const frame = this.#frames.at(-1);
    if (frame === undefined) return;
    if (this.#hiding === frame) this.#hiding = null;
    if (this.#hiding !== null) return;
    if (frame.isObject) {
      if (frame.key === SECRET_KEY) this.#hide(start, end);
      else if (frame.key === NAME_KEY) {
        frame.isNamed = true;
        frame.isSecretName ||= isName;
      } else if (frame.key === VALUE_KEY) {
        frame.spans = [start, end];
      }
      frame.key = OTHER;
      return;
    }
    if (frame.isSecretName && frame.count % 2 === 1) {
      frame.spans ??= [];
      frame.spans.push(start, end);
    }
    frame.isSecretName = isName;
    frame.count++;
  }

  /** Redacts what only the whole object or array shows to be secret. */
  #settle(frame: Frame, isOpen: boolean): void {
    if (this.#hiding !== null) return;
    const { spans } = frame;
    if (spans === null) return;
    const isSecret = frame.isObject
      ? // Without work left, the name was not compared.
        frame.isSecretName || (!frame.isNamed && (isOpen || !this.#search.spend(0)))
      : frame.count === 2 || (frame.alternates && (isOpen || frame.count % 2 === 0));
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
    if (end - start > MAX_NAME || this.#frames.length === 0) return false;
    const frame = this.#frames.at(-1)!;
    if (frame.isObject ? frame.key !== NAME_KEY : frame.count % 2 === 1) return false;
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
    if (this.#text.codes[start]! === 110) return; // null
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
