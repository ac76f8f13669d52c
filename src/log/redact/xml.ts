import { type CodedText, closeText, openPart, openText, withCodes } from './coded-text.ts';
import { Edits } from './edits.ts';
import { BLANKS, decodingWork, isBlank, type Search } from './search.ts';
import { hasSigns } from './signs.ts';
import { withEntities, withoutEntities } from './xml-entities.ts';
import { CDATA, hasTags, nameEnd, Tags } from './xml-tags.ts';

/** See `Search.spend`. */
const WORK_PER_TAG = 10;
const WORK_PER_ATTRIBUTES = 16;

/**
 * Redacts XML, HTML and text with elements in it: all that is inside of an element with a secret name (child elements and
 * CDATA too; to the end of the text if it is not closed), the values of secret attributes, and what belongs to a secret
 * name that stands in an attribute `name`, `key` or `id`. Texts, comments and CDATA are searched as texts.
 */
export function redactXml(text: CodedText, search: Search, cut: boolean): string {
  const whole = cut ? wholeTags(text.string) : text.length;
  if (whole < text.length) {
    const shown = withCodes(text.slice(0, whole), (part) => redactXml(part, search, cut));
    return shown + text.slice(whole, text.length);
  }
  const edits = new Edits(text.string);
  const tags = new Tags(text);
  const searchBetween = (start: number, end: number, isSection = false) => {
    if (start >= end || !(hasSigns(text, start, end) || hasReference(text, start, end))) return;
    const isCut = cut && end === text.length;
    const cutEntity = isCut ? text.slice(start, end).search(CUT_ENTITY) : -1;
    const part = openPart(text, start, cutEntity < 0 ? end : start + cutEntity);
    const shown = withoutSecrets(part, search, isCut, isSection);
    if (shown === null) edits.replace(start, end);
    else if (shown !== part.string) edits.replace(start, end, shown);
    closeText(part);
  };
  const searchAttributes = (start: number, end: number, isNamed: boolean) => {
    for (let i = start; i < end; i = nextAttribute) {
      if (!search.spend(0)) return edits.replace(i, text.length);
      readAttribute(text, i, end);
      if (valueStart < 0) {
        // No attribute: text that only looks like a tag.
        if (attributeEnd > attributeStart && text.codes[attributeEnd - 1] === COLON)
          return searchBetween(start, end);
        continue;
      }
      if (search.isSecret(text, attributeStart, attributeEnd) || (isNamed && isAttribute(text, VALUES))) {
        if (valueEnd > valueStart) edits.replace(valueStart, valueEnd);
      } else {
        const next = nextAttribute;
        searchBetween(valueStart, valueEnd);
        nextAttribute = next;
      }
    }
  };
  let done = 0;
  for (let i = tags.next(0); i < text.length; i = tags.next(done)) {
    if (!search.spend(WORK_PER_TAG)) {
      edits.replace(done, text.length);
      return edits.result();
    }
    searchBetween(done, i);
    const next = text.at(i + 1);
    const section = next === 33 ? SECTIONS.find(({ open }) => text.startsWith(open, i)) : undefined;
    if (section !== undefined) {
      const start = i + section.open.length;
      const close = tags.find(section.close, start);
      searchBetween(start, close, true);
      done = Math.min(close + section.close.length, text.length);
      continue;
    }
    const end = tags.end(i);
    const name = nameEnd(text, i + 1);
    if (name === i + 1) {
      // An end tag, a declaration or an instruction.
      done = end;
      searchBetween(i + 2, end);
      continue;
    }
    const isSecret = search.isSecret(text, i + 1, name);
    done = end;
    let isNamed = false;
    if (end - name > 3) {
      if (!search.spend(WORK_PER_ATTRIBUTES + ((end - name) >> 1))) {
        edits.replace(i, text.length);
        return edits.result();
      }
      isNamed = !isSecret && hasSecretName(text, name, end, search);
      searchAttributes(name, end, isNamed);
    }
    const isEmpty = text.codes[end - 2] === SLASH || (isNamed && isEmptyElement(text, i + 1, name));
    if (!(isSecret || isNamed) || isEmpty) continue;
    const close = tags.closing(text.slice(i + 1, name), end);
    if (!isBlankBetween(text, end, close)) edits.replace(end, close);
    done = close;
  }
  searchBetween(done, text.length);
  return edits.result();
}

/** A text between tags, or the value of an attribute, without its secrets; null: no work is left to decode it. */
function withoutSecrets(part: CodedText, search: Search, cut: boolean, isSection: boolean): string | null {
  let plain = part;
  // The references of a section with elements are read with these. Elsewhere `&amp;lt;` stands for a sign after the second time.
  const isRead = isSection && hasTags(part);
  while (!isRead && ENTITY.test(plain.string) && (plain === part || !hasSigns(plain, 0, plain.length))) {
    if (!search.spend(decodingWork(plain) + (plain.length >> 1))) return null;
    const decoded = withoutEntities(plain);
    if (decoded === plain.string) break;
    plain = openText(decoded);
  }
  if (plain === part) return search.text(part, cut);
  const searched = search.decoded(plain, cut, part);
  const shown = searched === plain.string ? part : openText(withEntities(searched));
  return search.text(shown, cut, 'left');
}

/** Where the attribute that was read last stands, and its value, without quotes; -1: it has none. */
let attributeStart = 0;
let attributeEnd = 0;
let valueStart = 0;
let valueEnd = 0;
let nextAttribute = 0;

/** Reads the attribute of a tag that begins at `start` or after. */
function readAttribute(text: CodedText, start: number, end: number): void {
  let i = start;
  while (i < end && isOf(text, i, BLANK | SLASH_SIGN | GREATER_SIGN)) i++;
  attributeStart = i;
  while (i < end && !isOf(text, i, BLANK | EQUALS_SIGN | GREATER_SIGN)) i++;
  attributeEnd = i;
  valueStart = -1;
  nextAttribute = Math.max(i, start + 1);
  while (i < end && isOf(text, i, BLANK)) i++;
  if (i >= end || text.codes[i] !== EQUALS) return;
  do i++;
  while (i < end && isOf(text, i, BLANK));
  const first = i;
  // In a string of a program, quotes are escaped.
  while (text.at(i) === BACKSLASH) i++;
  const quote = text.at(i);
  const isQuoted = quote === DOUBLE_QUOTE || quote === SINGLE_QUOTE;
  valueStart = isQuoted ? i + 1 : first;
  i = valueStart;
  if (isQuoted) while (i < end && text.codes[i] !== quote) i++;
  else while (i < end && !isOf(text, i, BLANK | GREATER_SIGN)) i++;
  valueEnd = i;
  nextAttribute = isQuoted ? i + 1 : Math.max(i, attributeEnd + 1);
}

/** What stands between the parts of a tag, as bits. */
const [BLANK, EQUALS_SIGN, GREATER_SIGN, SLASH_SIGN] = [1, 2, 4, 8];
const KINDS = new Uint8Array(0x10000);
for (const blank of BLANKS) KINDS[blank] = BLANK;
for (const [sign, kind] of [
  ['=', EQUALS_SIGN],
  ['>', GREATER_SIGN],
  ['/', SLASH_SIGN],
] as const) {
  KINDS[sign.charCodeAt(0)] = kind;
}

function isOf(text: CodedText, i: number, kinds: number): boolean {
  return (KINDS[text.codes[i]!]! & kinds) !== 0;
}

const [DOUBLE_QUOTE, AMPERSAND, SINGLE_QUOTE, SLASH, COLON, EQUALS, BACKSLASH] = [34, 38, 39, 47, 58, 61, 92];
const NAMES = ['name', 'key', 'id'];
const VALUES = ['value', 'content', 'val'];

/** Whether the attribute that was read last is one of these. */
function isAttribute(text: CodedText, names: readonly string[]): boolean {
  const length = attributeEnd - attributeStart;
  for (const name of names) if (name.length === length && isWord(text, attributeStart, name)) return true;
  return false;
}

/** Whether a word of small letters stands at a position, in any case. */
function isWord(text: CodedText, start: number, word: string): boolean {
  for (let i = 0; i < word.length; i++) {
    const code = text.codes[start + i]!;
    const letter = code === KELVIN ? LETTER_K : code | 32;
    if (letter !== word.charCodeAt(i)) return false;
  }
  return true;
}
/** The sign of the unit is a capital k, too. */
const [KELVIN, LETTER_K] = [0x212a, 107];

/** Whether an element is named by an attribute, as `<input name="password" value="...">`. */
function hasSecretName(text: CodedText, start: number, end: number, { isSecret }: Search): boolean {
  for (let i = start; i < end; i = nextAttribute) {
    readAttribute(text, i, end);
    if (valueStart >= 0 && isAttribute(text, NAMES) && isSecret(text, valueStart, valueEnd)) return true;
  }
  return false;
}

const SECTIONS = [CDATA, { open: '<!--', close: '-->' }] as const;

/** Elements of HTML that have no content. */
const EMPTY = /^(?:input|meta|param|br|hr|img|link|source)$/i;
const isEmptyElement = (text: CodedText, start: number, end: number) =>
  end - start <= 6 && EMPTY.test(text.slice(start, end));

function isBlankBetween(text: CodedText, start: number, end: number): boolean {
  for (let i = start; i < end; i++) if (!isBlank(text.codes[i]!)) return false;
  return true;
}

/** The beginning of a tag or section that was cut, without attributes. */
const CUT_TAG = /^<(?:\/?[\w:.-]{0,64}|!|!-|!\[[A-Z]{0,5})$/;
/** Where the tags at the end of a text that may have been cut begin; the end of the text if there are none. */
function wholeTags(text: string): number {
  let end = text.length;
  for (let i = text.lastIndexOf('<'); i > 0 && CUT_TAG.test(text.slice(i, end)); ) {
    end = i;
    i = text.lastIndexOf('<', i - 1);
  }
  return end;
}

/** Whether a reference can stand from `start` up to `end`: what it stands for may be a sign. */
function hasReference(text: CodedText, start: number, end: number): boolean {
  for (let i = start; i < end; i++) if (text.codes[i] === AMPERSAND) return true;
  return false;
}

/** How a reference that is decoded begins. */
const ENTITY = /&(?:#|quot;|apos;|amp;|lt;|gt;)/i;
const CUT_ENTITY = /&[#\w]{0,8}$/;
