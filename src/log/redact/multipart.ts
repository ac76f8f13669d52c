import { withCodes } from './coded-text.ts';
import { Edits } from './edits.ts';
import type { Search } from './search.ts';

/** Most characters of the headers of a part; a part with more is not multipart and is redacted. */
const MAX_HEAD = 8_192;

/** The headers of a part that say what its content is. */
export interface PartHeaders {
  readonly name: string;
  readonly isFile: boolean;
  readonly contentType: string | null;
}

/** The delimiter with which multipart text begins, such as `--boundary`; null for other text. */
export function multipartDelimiter(text: string): string | null {
  const head = text.slice(0, 512);
  const delimiter = /^(?:\r?\n)?(--[^\r\n]{1,200})\r?\n/.exec(head)?.[1];
  return delimiter !== undefined && /\ncontent-[a-z-]{1,40}:/i.test(head) ? delimiter : null;
}

/**
 * Redacts the parts of multipart text (RFC 2046): the whole content of a part with a secret name, and what `content`
 * makes of the content of others.
 */
export function redactMultipart(
  text: string,
  delimiter: string,
  search: Search,
  cut: boolean,
  content: (text: string, part: PartHeaders, cut: boolean) => string,
): string {
  const edits = new Edits(text);
  const redactPart = (start: number, end: number, isCut: boolean) => {
    const headEnd = headersEnd(text, start, end);
    if (headEnd - start > MAX_HEAD) return edits.replace(start, end);
    const head = text.slice(start, headEnd);
    const shownHead = withCodes(head, (text) => search.text(text, isCut && headEnd === end));
    if (shownHead !== head) edits.replace(start, headEnd, shownHead);
    if (headEnd >= end) return;
    const part = partHeaders(head);
    const body = text.slice(headEnd, end);
    if (withCodes(part.name, (name) => search.isSecret(name, 0, name.length))) edits.replace(headEnd, end);
    else {
      const shown = content(body, part, isCut);
      if (shown !== body) edits.replace(headEnd, end, shown);
    }
  };
  for (let start = text.indexOf(delimiter); start >= 0; ) {
    const next = text.indexOf(`\n${delimiter}`, start);
    const end = next < 0 ? text.length : text[next - 1] === '\r' ? next - 1 : next;
    const line = text.indexOf('\n', start);
    if (line >= 0 && line < end) redactPart(line + 1, end, cut && next < 0);
    start = next < 0 ? -1 : next + 1;
  }
  return edits.result();
}

/** Where the content of a part begins: after the first empty line, or at its end. */
function headersEnd(text: string, start: number, end: number): number {
  for (let line = start; line < end; ) {
    const next = text.indexOf('\n', line);
    if (next < 0 || next >= end) return end;
    if (next === line || (next === line + 1 && text[line] === '\r')) return next + 1;
    line = next + 1;
  }
  return end;
}

function partHeaders(head: string): PartHeaders {
  const unfolded = head.replace(/\r?\n[ \t]/g, ' ');
  const [, disposition = ''] = /^content-disposition:([^\r\n]*)/im.exec(unfolded) ?? [];
  const [, contentType = null] = /^content-type:([^\r\n]*)/im.exec(unfolded) ?? [];
  const name = /(?:^|[;\s])name\*?\s*=\s*(?:"([^"]*)"?|([^;\s]*))/i.exec(disposition);
  return {
    name: name?.[1] ?? name?.[2] ?? '',
    isFile: /(?:^|[;\s])filename\*?\s*=/i.test(disposition),
    contentType,
  };
}
