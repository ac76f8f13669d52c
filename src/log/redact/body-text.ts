import { type CodedText, withCodes } from './coded-text.ts';
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

const MEDIA_TYPES = Object.entries(BODY_FORMS).flatMap(([form, types]) =>
  types.map((type) => ({ type, form: form as BodyForm })),
);

/** A media type that says no more than that it is text, or nothing at all. */
const UNDECLARED = new Set(['text/plain', '']);

/** The form that a `Content-Type` declares: `any` if it does not say, null if it is none that is understood. */
function declaredForm(contentType: string | null): BodyForm | 'any' | null {
  const type = (contentType ?? '').split(';', 1)[0]!.trim().toLowerCase();
  if (UNDECLARED.has(type)) return 'any';
  return MEDIA_TYPES.find((one) => matches(one.type, type))?.form ?? null;
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
  text: CodedText,
  contentType: string | null,
  search: Search,
  cut: boolean,
): string | null {
  const form = declaredForm(contentType);
  if (form === null) return null;
  const { string } = text;
  const start = firstPosition(string);
  if (start === string.length) return string;
  const json = redactJson(text, search, cut) ?? redactWrappedJson(string, search, cut);
  if (json !== null) return json;
  const delimiter = multipartDelimiter(string);
  if (delimiter !== null) {
    return redactMultipart(string, delimiter, search, cut, (part, headers, isCut) =>
      redactPart(part, headers, search, isCut),
    );
  }
  if (string[start] === '<' && hasTags(text)) return redactXml(text, search, cut);
  if (form === 'GraphQL' || isGraphql(string)) return redactGraphql(text, search, cut);
  if (form !== 'forms' && !looksLikeForm(string)) return null;
  const edits = new Edits(string);
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
  if (!isFile && (contentType === null || declaredForm(contentType) === 'any')) {
    return withCodes(text, (part) => search.text(part, cut));
  }
  return withCodes(text, (part) => redactBodyText(part, contentType, search, cut)) ?? '[OMITTED]';
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
  const shown = withCodes(json, (coded) => redactJson(coded, search, cut && !isClosed));
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
