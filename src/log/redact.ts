import { isShallow } from '../lib/json-depth.ts';
import type { Json } from './request-log.ts';
import { decoded, secretNames } from './secret-names.ts';

export const REDACTED = '[REDACTED]';

/** Redacts secrets before a value is stored. A value without secrets is returned unchanged. */
export interface Redactor {
  /** Redacts headers or a body: every value under a secret name, at any depth, and secrets inside text. */
  json(value: Json): Json;
  /** Redacts a path or URL: user information before an `@`, and the values of secret parameters. */
  url(text: string): string;
  /** Redacts text of any kind: URLs, `name=value`, `name: value`, JSON, XML, forms and multipart bodies. */
  text(text: string): string;
}

/** How many levels of encoding are searched for secrets, such as JSON in a form field in a URL. */
const MAX_NESTED_TEXTS = 4;
const USER_INFO = /\/\/[^/?#\s"'<>]*@/g;
const SCHEME = '(?:(?:bearer|basic|digest|token|negotiate)\\s{1,8})?';
const VALUE = `${SCHEME}(?:"(?:[^"\\\\]|\\\\.)*"?|'(?:[^'\\\\]|\\\\.)*'?|[^\\s&;,<>"']+)`;
const ESCAPED = '\\\\"[^"\\\\]*(?:\\\\")?';
const PAIR = new RegExp(
  `((?:\\\\?["'])?)([\\w.$%[\\]-]{1,64})(\\1\\s{0,8}[=:]\\s{0,8})(${ESCAPED}|${VALUE})`,
  'gi',
);
const ELEMENT = /<([\w:.-]{1,64})(?:\s[^<>]{0,256})?>([^<]+)(?=<)/g;
const PART = /(name="([^"\r\n]{1,64})"[^\r\n]{0,256}\r?\n(?:[^\r\n]{1,256}\r?\n){0,4}\r?\n)([^\r\n]+)/g;
const FORM = /^[^=&\s<>{}"]{0,256}[=&]/;

/** @param extra additional secret names. They match complete names; case, `-` and `_` are ignored. */
export function redactor(extra: readonly string[] = []): Redactor {
  const isSecret = secretNames(extra);

  /** Redacts one `name=value` pair of a query string or form. */
  const pair = (chunk: string, nesting: number): string => {
    const at = chunk.indexOf('=');
    if (at < 0) return chunk;
    const [name, value] = [chunk.slice(0, at), chunk.slice(at + 1)];
    if (isSecret(name)) return `${name}=${REDACTED}`;
    if (nesting <= 0 || value === '') return chunk;
    const inner = value.replace(/[^;,?&]+/g, (part) => (part.includes('=') ? pair(part, nesting - 1) : part));
    const plain = decoded(inner.replaceAll('+', ' '));
    if (plain === inner) return `${name}=${inner}`;
    const shown = anyText(plain, nesting - 1);
    return `${name}=${shown === plain ? inner : encodeURIComponent(shown)}`;
  };

  const url = (text: string, nesting = MAX_NESTED_TEXTS): string => {
    const shown = withoutUserInfo(text);
    const query = shown.search(/[?#;]/);
    if (query < 0) return shown;
    const rest = shown.slice(query + 1).replace(/[^&#]+/g, (chunk) => pair(chunk, nesting));
    return shown.slice(0, query + 1) + rest;
  };

  const form = (text: string, nesting: number) => text.replace(/[^&]+/g, (chunk) => pair(chunk, nesting));

  /** Redacts text that is not a complete JSON value. */
  const loose = (text: string, nesting: number): string =>
    withoutUserInfo(text)
      .replace(PAIR, (all, quote: string, name: string, between: string, value: string) => {
        if (isSecret(name)) return quote + name + between + redactedLike(value);
        return nesting > 0 && /[=:]/.test(value) ? quote + name + between + loose(value, nesting - 1) : all;
      })
      .replace(ELEMENT, (all, name: string, value: string) =>
        isSecret(name) && value.trim() !== '' ? `${all.slice(0, all.length - value.length)}${REDACTED}` : all,
      )
      .replace(PART, (all, head: string, name: string) => (isSecret(name) ? head + REDACTED : all));

  const anyText = (text: string, nesting: number): string => {
    if (!/[=:@<]/.test(text)) return text;
    const parsed = nesting > 0 ? parsedJson(text) : undefined;
    if (parsed !== undefined) {
      const shown = walk(parsed, nesting - 1);
      return shown === parsed ? text : JSON.stringify(shown);
    }
    return loose(FORM.test(text) ? form(text, nesting) : text, nesting);
  };

  /** Returns the same object if it contains no secret. */
  const walk = (value: Json, nesting: number): Json => {
    if (typeof value === 'string') return anyText(value, nesting);
    if (value === null || typeof value !== 'object') return value;
    if (Array.isArray(value)) {
      const [name, ...rest] = value;
      // Some sources send headers as [name, value] pairs.
      if (rest.length === 1 && typeof name === 'string' && isSecret(name)) return [name, REDACTED];
      const shown = value.map((part) => walk(part, nesting));
      return shown.every((part, i) => part === value[i]) ? value : shown;
    }
    const entries = Object.entries(value);
    // Others send them as { name, value } objects.
    const named = typeof value.name === 'string' && isSecret(value.name);
    const shown = entries.map(([key, part]): [string, Json] => [
      key,
      part !== null && (isSecret(key) || (named && key === 'value')) ? REDACTED : walk(part, nesting),
    ]);
    return shown.every(([, part], i) => part === entries[i]![1]) ? value : Object.fromEntries(shown);
  };

  return {
    json: (value) => walk(value, MAX_NESTED_TEXTS),
    url: (text) => url(text),
    text: (text) => anyText(text, MAX_NESTED_TEXTS),
  };
}

function withoutUserInfo(text: string): string {
  return text.includes('@') ? text.replace(USER_INFO, `//${REDACTED}@`) : text;
}

/** The placeholder, in the same quotes as the value. */
function redactedLike(value: string): string {
  const [quote = ''] = /^(?:\\"|["'])/.exec(value) ?? [];
  return (
    quote + REDACTED + (quote !== '' && value.endsWith(quote) && value.length > quote.length ? quote : '')
  );
}

/** Parses text that is a complete JSON object, array or string; undefined for all other text and for JSON nested too deeply. */
function parsedJson(text: string): Json | undefined {
  if (!/^\s*[{["]/.test(text)) return undefined;
  try {
    const value = JSON.parse(text) as Json;
    return isShallow(value) ? value : undefined;
  } catch {
    return undefined;
  }
}
