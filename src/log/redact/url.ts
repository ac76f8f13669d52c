import { type CodedText, closeText, openPart, openText } from './coded-text.ts';
import { Edits } from './edits.ts';
import { redactPairs } from './pairs.ts';
import { percentDecoded } from './percent-decoded.ts';
import type { Search } from './search.ts';
import { UserInfo } from './user-info.ts';

const [HASH, SLASH, SEMICOLON, QUESTION] = [35, 47, 59, 63];

/** Redacts a URL or path: user info, and the pairs of its query, fragment and path parameters (`;name=value`). */
export function redactUrl(text: CodedText, search: Search, cut: boolean): string {
  const edits = new Edits(text.string);
  const userInfo = new UserInfo(text, text.length, cut);
  let i = 0;
  for (; i < text.length; i++) {
    const code = text.codes[i]!;
    if (code === QUESTION || code === HASH || code === SEMICOLON) break;
    if (code !== SLASH || text.at(i + 1) !== SLASH) continue;
    const end = userInfo.end(i + 2);
    if (end < 0) continue;
    edits.replace(i + 2, end);
    i = end;
  }
  if (!edits.changed) {
    const path = openPart(text, 0, i);
    const decoded = percentDecoded(path, 'encoded');
    if (decoded !== path.string) {
      const shown = search.decoded(openText(decoded), cut && i === text.length, path);
      if (shown !== decoded) edits.replace(0, i, encodeURI(shown.toWellFormed()));
    }
    closeText(path);
  }
  if (i < text.length) redactPairs(text, i + 1, search, edits, { hashSeparates: true, cut });
  return edits.result();
}
