import { CharacterSearch } from './character-search.ts';
import { type CodedText, closeText, openPart, openText } from './coded-text.ts';
import { type Edits, REDACTED } from './edits.ts';
import { groupEnd } from './group-end.ts';
import { percentDecoded, withoutCutEscape } from './percent-decoded.ts';
import { decodingWork, type Search } from './search.ts';
import { hasSigns } from './signs.ts';

/** See `Search.spend`. */
const WORK_PER_PAIR = 4;
const WORK_PER_SECRET = 8;

const [HASH, EQUALS] = [35, 61];
/** What separates pairs, and these together with what separates a name from its value. */
const FORM_SIGNS = [new CharacterSearch('&'), new CharacterSearch('&=')] as const;
const URL_SIGNS = [new CharacterSearch('&#'), new CharacterSearch('&#=')] as const;

/**
 * Redacts what is written as `name=value&name=value` from `start` to the end of the text: forms and query strings. Names
 * and values are searched as texts, as they are and decoded.
 *
 * @param hashSeparates whether `#` begins another list of pairs, as in a URL.
 */
export function redactPairs(
  text: CodedText,
  start: number,
  search: Search,
  edits: Edits,
  { hashSeparates, cut }: { readonly hashSeparates: boolean; readonly cut: boolean },
): void {
  const [separators, signs] = hashSeparates ? URL_SIGNS : FORM_SIGNS;
  let afterSecret = false;
  let opensGroups = true;
  for (let i = start; i <= text.length; ) {
    const begin = i;
    let equals = -1;
    for (i = signs.next(text, i); i < text.length; i = separators.next(text, i + 1)) {
      if (text.codes[i] !== EQUALS) break;
      equals = i;
      const next = text.at(i + 1);
      if (opensGroups && (next === 123 || next === 91)) {
        const end = groupEnd(text, i + 1);
        if (end < 0) opensGroups = false;
        else i = end - 1;
      }
    }
    const isLast = cut && i === text.length;
    if (begin < i && !search.spend(0)) {
      edits.replace(begin, text.length);
      return;
    }
    if (equals < 0) {
      // `?password=a#b`: browsers and servers do not agree where the value ends.
      if (afterSecret && text.at(begin - 1) === HASH) edits.replace(begin, i);
      else {
        searchPart(text, begin, i, search, edits, isLast);
        afterSecret = false;
      }
    } else {
      afterSecret = isSecretName(text, begin, equals, search);
      if (!search.spend(afterSecret ? WORK_PER_SECRET : WORK_PER_PAIR)) {
        edits.replace(begin, text.length);
        return;
      }
      if (afterSecret) edits.replace(equals + 1, i);
      else {
        searchPart(text, begin, equals, search, edits, false);
        searchPart(text, equals + 1, i, search, edits, isLast);
      }
    }
    i++;
  }
}

/** Also the part of the name after a `;` or `,`, which some servers take for separators. */
function isSecretName(text: CodedText, start: number, end: number, { isSecret }: Search): boolean {
  if (isSecret(text, start, end)) return true;
  let from = end;
  while (from > start && !isServerSeparator(text.codes[from - 1]!)) from--;
  return from > start && isSecret(text, from, end);
}

/** `;`, `,`, `?` and `/`. */
function isServerSeparator(code: number): boolean {
  return code === 59 || code === 44 || code === 63 || code === 47;
}

function searchPart(
  text: CodedText,
  start: number,
  end: number,
  search: Search,
  edits: Edits,
  cut: boolean,
): void {
  if (!hasSigns(text, start, end)) return;
  const part = openPart(text, start, cut ? start + withoutCutEscape(text.slice(start, end)).length : end);
  const shown = withoutSecrets(part, search, cut);
  if (shown !== part.string) edits.replace(start, end, shown);
  closeText(part);
}

function withoutSecrets(part: CodedText, search: Search, cut: boolean): string {
  const found = search.text(part, cut, 'left');
  const shown = found === part.string ? part : openText(found);
  const decoded = percentDecoded(shown, 'plus');
  if (decoded === found) return found;
  const plain = openText(decoded);
  const searched = search.spend(decodingWork(shown)) ? search.decoded(plain, cut, shown) : REDACTED;
  if (searched === decoded) return found;
  search.spend(searched.length >> 1);
  return encodeURIComponent(searched.toWellFormed());
}
