import type { Json } from '../request-log.ts';
import type { IsSecret } from '../secret-names.ts';
import { replaceCardNumbers } from './card-numbers.ts';
import { codeSet } from './code-set.ts';
import { type CodedText, openText, withCodes } from './coded-text.ts';
import { Edits, REDACTED } from './edits.ts';
import { redactFreeText } from './free-text.ts';
import { isGraphql, redactGraphql } from './graphql.ts';
import { redactJson } from './json.ts';
import { replaceKnownSecrets } from './known-secrets.ts';
import { multipartDelimiter, redactMultipart } from './multipart.ts';
import { byteAt } from './name-characters.ts';
import { redactPairs } from './pairs.ts';
import { percentDecoded, withoutCutEscape } from './percent-decoded.ts';
import { decodingWork, HIDING_JSON_ESCAPE, isBlank, type Search } from './search.ts';
import { COLON, EQUALS, LESS, NAMING, OTHER, PERCENT, SLASH, signsOf } from './signs.ts';
import { redactUrl } from './url.ts';
import { redactXml } from './xml.ts';
import { hasTags } from './xml-tags.ts';

/**
 * The work that one stored text may cost for each of its characters, besides one pass over it. A unit is about 8 ns: what it
 * takes to search two characters of text inside of text, or to compare one character of a name. What would cost more is
 * redacted without being searched. The prices are fitted to measurements: docs/decisions/redaction.md.
 */
const WORK_PER_CHARACTER = 3;
/** Short texts may nest somewhat deeper. */
const LEAST_WORK = 256;
/** The work of each text inside of text besides its characters. */
const WORK_PER_TEXT = 32;
/** Short texts that can have one form only, such as `12:30`, are often many. */
const WORK_PER_SIMPLE_TEXT = 12;
/** The work of a candidate for a credential or card number in decoded text. */
const WORK_PER_CANDIDATE = 4;
/** The work of a name with escapes or with characters that only look like letters. */
const WORK_PER_FOLDED_NAME = 8;
/** The work of reading a text as JSON or XML besides its characters. */
const WORK_PER_ATTEMPT = 32;
/**
 * The part of the work of each of its texts that a batch may cost. Real files take less on average in each form that was
 * measured; only a batch of hostile bodies takes as much for each of them as for one alone.
 */
const BATCH_SHARE = 2 / 3;
/** What a batch may cost besides: the work of 512 Ki characters, so that a few logs may cost what each may alone. */
const LEAST_BATCH_WORK = WORK_PER_CHARACTER * 524_288;
/** So many levels of text inside of text are searched; work alone would allow thousands where most of a text is plain. */
const MAX_LEVELS = 100;

/** The work that one stored text of this length may cost. */
export const workFor = (length: number): number => LEAST_WORK + WORK_PER_CHARACTER * length;

/** The work that the first texts of a batch may cost together. @param alone what they may cost one by one. */
export const batchWorkFor = (alone: number): number => LEAST_BATCH_WORK + BATCH_SHARE * alone;

/**
 * Searches the texts of one batch in whatever form they are, and the texts inside of them, with bounded work. A text may
 * use what those before it left, but never the share of those after it. So a hostile log takes nothing from the next one.
 */
export class TextSearch implements Search {
  readonly isSecret: IsSecret;
  /** What the texts of the batch so far may cost one by one, and what those before the last one did cost. */
  #alone = 0;
  #spent = 0;
  /** The work that the last text may cost, and what is left of it. */
  #allowed = 0;
  #left = 0;
  #level = 0;

  /** @param isSecretName compares names; one for which no work is left counts as a secret. */
  constructor(isSecretName: IsSecret) {
    const payForFolding = () => this.spend(WORK_PER_FOLDED_NAME);
    this.isSecret = (text, start, end) =>
      !this.spend(end - start) || isSecretName(text, start, end, payForFolding);
  }

  /** Allows the work for one more text of this length. */
  start(length: number): void {
    this.#spent += this.#allowed - Math.max(0, this.#left);
    this.#alone += workFor(length);
    this.#allowed = Math.min(workFor(length), batchWorkFor(this.#alone) - this.#spent);
    this.#left = this.#allowed;
    this.#level = 0;
  }

  spend(work: number): boolean {
    this.#left -= work;
    return this.#left >= 0;
  }

  text(text: CodedText, cut: boolean, escapes: 'searched' | 'left' = 'searched'): string {
    const signs = signsOf(text);
    if ((signs & NAMING) === 0) return text.string;
    if ((signs & ~COLON) === 0) {
      return this.spend((text.length >> 1) + WORK_PER_SIMPLE_TEXT)
        ? redactFreeText(text, this, cut)
        : REDACTED;
    }
    // Only under its escapes can it hold anything, and the caller decodes them.
    if (
      escapes === 'left' &&
      (signs & ~(PERCENT | OTHER)) === 0 &&
      !JSON_STARTS.includes(firstCharacter(text.string))
    ) {
      return text.string;
    }
    if (!this.spend((text.length >> 1) + WORK_PER_TEXT) || this.#level === MAX_LEVELS) return REDACTED;
    this.#level++;
    const shown = this.#redact(text, signs, cut, escapes);
    this.#level--;
    return shown;
  }

  decoded(text: CodedText, cut: boolean, from: CodedText): string {
    const shown = this.text(text, cut);
    const isSame = shown === text.string;
    // What has changed will be encoded, and `4111 1111 …` is no card number as `4111%201111…`.
    if (isSame && !hidesCredentials(from)) return shown;
    if (!this.spend(text.length >> 1)) return REDACTED;
    return isSame ? replaceKnownIn(text, cut, this) : replaceKnown(shown, cut, this);
  }

  #redact(text: CodedText, signs: number, cut: boolean, escapes: 'searched' | 'left'): string {
    const { string } = text;
    const first = firstCharacter(string);
    if (first === '{' || first === '[' || first === '"') {
      if (!this.spend(WORK_PER_ATTEMPT)) return REDACTED;
      const shown = redactJson(text, this, cut);
      if (shown !== null) return shown;
    }
    const delimiter = first === '-' ? multipartDelimiter(string) : null;
    if (delimiter !== null) {
      return redactMultipart(string, delimiter, this, cut, (part, _headers, isCut) =>
        withCodes(part, (text) => this.text(text, isCut)),
      );
    }
    if (GRAPHQL_STARTS.includes(first) && isGraphql(string)) return redactGraphql(text, this, cut);
    if ((signs & LESS) !== 0 && hasTags(text)) {
      if (!this.spend(WORK_PER_ATTEMPT)) return REDACTED;
      // In text that is no document, `<` may stand in quotes.
      const shown = first === '<' ? string : redactFreeText(text, this, cut);
      return shown === string
        ? redactXml(text, this, cut)
        : withCodes(shown, (coded) => redactXml(coded, this, cut));
    }
    if ((signs & SLASH) !== 0 && URL_START.test(string) && !hasBlanks(string))
      return redactUrl(text, this, cut);
    if ((signs & EQUALS) !== 0 && FORM_START.test(string) && (string.includes('&') || !hasBlanks(string))) {
      const edits = new Edits(string);
      redactPairs(text, 0, this, edits, { hashSeparates: false, cut });
      return edits.result();
    }
    const shown = redactFreeText(text, this, cut);
    if (escapes === 'left' || (signs & PERCENT) === 0) return shown;
    const encoded = cut ? withoutCutEscape(shown) : shown;
    const from = encoded === string ? text : openText(encoded);
    const plain = percentDecoded(from, 'encoded');
    if (plain === encoded) return shown;
    if (!this.spend(decodingWork(from))) return REDACTED;
    const searched = this.decoded(openText(plain), cut, from);
    return searched === plain ? shown : searched;
  }
}

/** Of JSON that needs no other sign. */
const JSON_STARTS = '"{';

/** The first characters of `query`, `mutation`, `subscription`, `fragment` and `{`. */
const GRAPHQL_STARTS = 'qmsf{';

/** What credentials and card numbers are made of. */
const HIDDEN_CODES = codeSet(/[ +\-./\w]/);

/** Whether a text has escapes of characters that credentials and card numbers are made of. */
function hidesCredentials(text: CodedText): boolean {
  const { string, codes, length } = text;
  if (HIDING_JSON_ESCAPE.test(string) || string.includes('+') || string.includes('&#')) return true;
  for (let i = string.indexOf('%'); i >= 0 && i < length; i++) {
    if (codes[i] !== PERCENT_SIGN) continue;
    const byte = byteAt(text, i + 1);
    if (byte >= 0 && HIDDEN_CODES[byte] === 1) return true;
  }
  return false;
}
const PERCENT_SIGN = 37;

const URL_START = /^(?:[a-z][a-z0-9+.-]{0,30}:\/)?\//i;
const FORM_START = /^[\w.$%[\]~*!+&-]{0,256}=/;

/**
 * Replaces card numbers and credentials of known formats.
 *
 * @param search pays for each candidate.
 */
export function replaceKnown(text: string, cut: boolean, search?: Search): string {
  if (text.length < SHORTEST_SECRET && !cut) return text;
  return withCodes(text, (coded) => replaceKnownIn(coded, cut, search));
}
const SHORTEST_SECRET = 14;

/** The same for a text whose codes are at hand. */
export function replaceKnownIn(text: CodedText, cut: boolean, search?: Search): string {
  if (text.length < SHORTEST_SECRET && !cut) return text.string;
  const known = new Edits(text.string);
  let candidates = replaceKnownSecrets(text, known, cut);
  const shown = known.result();
  const cards = new Edits(shown);
  const replaceCards = (other: CodedText) => replaceCardNumbers(other, cards, cut);
  candidates += known.changed ? withCodes(shown, replaceCards) : replaceCards(text);
  search?.spend(candidates * WORK_PER_CANDIDATE);
  return cards.result();
}

/** The value of redacted JSON text; the mark alone where the text was redacted as a whole. */
export function parsedJson(text: string): Json {
  try {
    return JSON.parse(text) as Json;
  } catch {
    return REDACTED;
  }
}

/** Replaces credentials of known formats, such as keys of clouds, JSON Web Tokens and private keys. */
export function replaceCredentials(text: string, cut: boolean): string {
  if (text.length < SHORTEST_SECRET && !cut) return text;
  const edits = new Edits(text);
  withCodes(text, (coded) => replaceKnownSecrets(coded, edits, cut));
  return edits.result();
}

/** The first character that is no blank; empty if there is none. */
function firstCharacter(text: string): string {
  let i = 0;
  while (i < text.length && (isBlank(text.charCodeAt(i)) || text.charCodeAt(i) === 0xfeff)) i++;
  return text.charAt(i);
}

function hasBlanks(text: string): boolean {
  return /\s/.test(text);
}
