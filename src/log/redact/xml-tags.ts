import { CharacterSearch } from './character-search.ts';
import { codeSet } from './code-set.ts';
import type { CodedText } from './coded-text.ts';

const [DOUBLE_QUOTE, SLASH, COLON, LESS, EQUALS, GREATER] = [34, 47, 58, 60, 61, 62];
const LESS_SIGN = new CharacterSearch('<');
/** What ends a tag, and quotes around its attributes. */
const TAG_SIGNS = new CharacterSearch('<>"\'');
export const CDATA = { open: '<![CDATA[', close: ']]>' } as const;

/** Whether an element, a comment, a declaration or an end tag begins somewhere in a text. */
export function hasTags(text: CodedText): boolean {
  return nextTag(text, 0) < text.length;
}

/** Where the next `<` stands from `from` on; of a row of them the last one, as no other can begin a tag. */
function nextLess(text: CodedText, from: number): number {
  return lastOfRow(text, LESS_SIGN.next(text, from));
}

function lastOfRow(text: CodedText, start: number): number {
  let i = start;
  while (text.at(i + 1) === LESS) i++;
  return i;
}

/** Where the next tag begins from `from` on; the end of the text if there is none. */
function nextTag(text: CodedText, from: number): number {
  for (let i = nextLess(text, from); i < text.length; i = nextLess(text, i + 1))
    if (beginsTag(text, i)) return i;
  return text.length;
}

/** `<a`, `</a`, `<!` and `<?`, but no `<https://…>`. */
function beginsTag(text: CodedText, i: number): boolean {
  const next = text.at(i + 1);
  if (next === 33 || next === 63) return true;
  const start = next === 47 ? i + 2 : i + 1;
  const end = nameEnd(text, start);
  return end > start && !(text.codes[end - 1] === COLON && text.startsWith('//', end));
}

/** Where the name that begins at `start` ends. */
export function nameEnd(text: CodedText, start: number): number {
  let i = start;
  for (; i < text.length; i++) {
    const code = text.codes[i]!;
    if (NAME_CODES[code] === 0) break;
  }
  return i;
}
const NAME_CODES = codeSet(/[\w:.-]/, 128);

/** Finds the tags of one text, and where they end. What is not there is looked for only once. */
export class Tags {
  readonly #text: CodedText;
  #missing: string[] | null = null;
  /** Where the tag begins that ended the last one. */
  #next = -1;

  constructor(text: CodedText) {
    this.#text = text;
  }

  /** Where the next tag begins from `from` on; the end of the text if there is none. */
  next(from: number): number {
    return from === this.#next ? from : nextTag(this.#text, from);
  }

  /** Where a string stands next; the end of the text if it does not. */
  find(what: string, from: number): number {
    if (this.#missing?.includes(what)) return this.#text.length;
    const found = this.#text.indexOf(what, from);
    if (found >= 0) return found;
    this.#missing ??= [];
    this.#missing.push(what);
    return this.#text.length;
  }

  /** The position after the `>` of a tag. One in quotes does not end it, unless the quotes have no end. */
  end(start: number): number {
    const text = this.#text;
    for (let i = TAG_SIGNS.next(text, start + 1); i < text.length; i = TAG_SIGNS.next(text, i + 1)) {
      const code = text.codes[i]!;
      if (code === GREATER) return i + 1;
      if (code === LESS) {
        i = lastOfRow(text, i);
        if (!beginsTag(text, i)) continue;
        this.#next = i;
        return i;
      } else if (text.codes[i - 1] === EQUALS) {
        const close = this.find(code === DOUBLE_QUOTE ? '"' : "'", i + 1);
        if (close < text.length) i = close;
      }
    }
    return text.length;
  }

  /** Where the end tag of an element begins; elements of the same name may nest. */
  closing(name: string, from: number): number {
    const text = this.#text;
    let open = 1;
    for (let i = nextLess(text, from); i < text.length; i = nextLess(text, i + 1)) {
      if (text.startsWith(CDATA.open, i)) {
        i = this.find(CDATA.close, i) - 1;
        continue;
      }
      const isEnd = text.at(i + 1) === SLASH;
      const start = isEnd ? i + 2 : i + 1;
      if (!text.startsWith(name, start) || nameEnd(text, start) !== start + name.length) continue;
      if (isEnd) open--;
      else open++;
      if (open === 0) return i;
    }
    return text.length;
  }
}
