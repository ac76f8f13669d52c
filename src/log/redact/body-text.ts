import { Edits } from './edits.ts';
import { isGraphql, redactGraphql } from './graphql.ts';
import { redactJson } from './json.ts';
import { multipartDelimiter, type PartHeaders, redactMultipart } from './multipart.ts';
import { redactPairs } from './pairs.ts';
import { isBlank, type Search } from './search.ts';
import { redactXml } from './xml.ts';
import { hasTags } from './xml-tags.ts';

/** The forms of bodies that are understood, and the media types that declare them. */
export const BODY_FORMS = {
  JSON: ['application/json', '*/*+json', 'text/json'],
  'NDJSON and JSON text sequences': [
    'application/x-ndjson',
    'application/ndjson',
    'application/jsonl',
    'application/json-seq',
  ],
  JSONP: ['application/javascript', 'text/javascript', 'application/x-javascript'],
  forms: ['application/x-www-form-urlencoded'],
  multipart: ['multipart/*'],
  'XML and HTML': ['application/xml', 'text/xml', '*/*+xml', 'text/html'],
  GraphQL: ['application/graphql'],
} as const;

type BodyForm = keyof typeof BODY_FORMS;

/** A media type that says no more than that it is text, or nothing at all. */
const UNDECLARED = new Set(['text/plain', '']);

/** The form that a `Content-Type` declares: `any` if it does not say, null if it is none that is understood. */
function declaredForm(contentType: string | null): BodyForm | 'any' | null {
  const type = (contentType ?? '').split(';', 1)[0]!.trim().toLowerCase();
  if (UNDECLARED.has(type)) return 'any';
  for (const [form, types] of Object.entries(BODY_FORMS)) {
    if (types.some((one) => matches(one, type))) return form as BodyForm;
  }
  return null;
}

function matches(pattern: string, type: string): boolean {
  if (pattern.startsWith('*/*')) return type.endsWith(pattern.slice(3));
  return pattern.endsWith('/*') ? type.startsWith(pattern.slice(0, -1)) : type === pattern;
}

/**
 * Redacts the text of a body by its form: that which it begins like, as clients often declare another one, if its
 * `Content-Type` names a form that is understood or none.
 *
 * @param cut whether the body goes on after the text.
 * @returns null if the form is not understood.
 */
export function redactBodyText(
  text: string,
  contentType: string | null,
  search: Search,
  cut: boolean,
): string | null {
  const form = declaredForm(contentType);
  if (form === null) return null;
  const start = firstPosition(text);
  if (start === text.length) return text;
  const json = redactJson(text, search, cut) ?? redactWrappedJson(text, search, cut);
  if (json !== null) return json;
  const delimiter = multipartDelimiter(text);
  if (delimiter !== null) {
    return redactMultipart(text, delimiter, search, cut, (part, headers, isCut) =>
      redactPart(part, headers, search, isCut),
    );
  }
  if (text[start] === '<' && hasTags(text)) return redactXml(text, search, cut);
  if (form === 'GraphQL' || isGraphql(text)) return redactGraphql(text, search, cut);
  if (form !== 'forms' && !looksLikeForm(text)) return null;
  const edits = new Edits(text);
  redactPairs(text, 0, search, edits, { hashSeparates: false, cut });
  return edits.result();
}

/** A field of a form is text; a file, and what has a type of its own, is a body. */
function redactPart(
  text: string,
  { isFile, contentType }: PartHeaders,
  search: Search,
  cut: boolean,
): string {
  if (!isFile && (contentType === null || declaredForm(contentType) === 'any')) return search.text(text, cut);
  return redactBodyText(text, contentType, search, cut) ?? '[OMITTED]';
}

const CALL = /^\s*(?:\/\*\*\/\s*)?[\w.$[\]]{1,256}\s*\(/;
const GUARD = /^\s*(?:\)\]\}',?|while\s?\(1\);|for\s?\(;;\);)/;
const CALL_END = /^\s*\)\s*;?\s*$/;

/** JSON in a call (JSONP), or after a line that keeps scripts from reading it. */
function redactWrappedJson(text: string, search: Search, cut: boolean): string | null {
  const head = text.slice(0, 512);
  const guard = GUARD.exec(head)?.[0];
  const before = guard ?? CALL.exec(head)?.[0];
  if (before === undefined) return null;
  const end = guard === undefined ? text.lastIndexOf(')') : text.length;
  const isClosed = end >= before.length && (guard !== undefined || CALL_END.test(text.slice(end, end + 64)));
  const json = text.slice(before.length, isClosed ? end : text.length);
  const shown = redactJson(json, search, cut && !isClosed);
  return shown === null ? null : before + shown + (isClosed ? text.slice(end) : '');
}

/** `<` and what `isBlank` takes. */
const BLANK_OR_TAG = /[ \t-\r\xa0\u2028\u2029<]/;

/** `name=value`, and so on, without blanks but at the end. */
function looksLikeForm(text: string): boolean {
  if (!/^[\w.$%[\]~*!+-]{1,256}(?:=|&[\w.$%[\]~*!+-]{1,256}=)/.test(text)) return false;
  let end = text.length;
  while (end > 0 && isBlank(text.charCodeAt(end - 1))) end--;
  const first = text.search(BLANK_OR_TAG);
  return first < 0 || first >= end;
}

function firstPosition(text: string): number {
  let i = 0;
  while (i < text.length && (isBlank(text.charCodeAt(i)) || text.charCodeAt(i) === 0xfeff)) i++;
  return i;
}
