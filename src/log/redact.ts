import type { Json } from './request-log.ts';

export const REDACTED = '[REDACTED]';

/** Names of headers, query parameters and JSON keys whose values are never stored; an operator can add to them. */
export const SECRET_NAMES = [
  'authorization',
  'proxy-authorization',
  'cookie',
  'set-cookie',
  'x-api-key',
  'api_key',
  'apikey',
  'x-auth-token',
  'x-csrf-token',
  'token',
  'access_token',
  'refresh_token',
  'id_token',
  'auth_token',
  'session_token',
  'bearer',
  'password',
  'passwd',
  'pwd',
  'passphrase',
  'secret',
  'client_secret',
  'secret_key',
  'private_key',
  'access_key',
  'credential',
  'credentials',
  'signature',
  'x-amz-signature',
  'x-amz-security-token',
  'card_number',
  'cvc',
  'cvv',
  'pin',
  'otp',
  'ssn',
] as const;

/** Takes secrets out of what is about to be stored. */
export interface Redactor {
  /** Headers, or a body: every value under a secret name, at any depth; query strings inside of text too. */
  json(value: Json): Json;
  /** A path or URL: the values of secret query parameters, and a password before an `@`. */
  url(text: string): string;
}

const URL_PASSWORD = /(\/\/[^/?#@:\s]*:)[^/?#@\s]*@/g;
const PAIR = /([?&;#]|^)([^=&;?#\s]+)=([^&;#\s"']*)/g;
const FORM = /^[^=&\s{}[\]"<>]+=[^&\s]*(?:&[^=&\s]+=[^&\s]*)*$/;

/** @param extra further names, in any spelling: case, `-` and `_` make no difference. */
export function redactor(extra: readonly string[] = []): Redactor {
  const secret = new Set([...SECRET_NAMES, ...extra].map(normalName));
  const isSecret = (name: string) => secret.has(normalName(name));

  const pairs = (text: string) =>
    text.replace(PAIR, (whole, before: string, name: string) =>
      isSecret(decoded(name)) ? `${before}${name}=${REDACTED}` : whole,
    );

  const url = (text: string) => {
    const withoutPassword = text.includes('@') ? text.replace(URL_PASSWORD, `$1${REDACTED}@`) : text;
    const query = withoutPassword.search(/[?#;]/);
    return query < 0
      ? withoutPassword
      : withoutPassword.slice(0, query) + pairs(withoutPassword.slice(query));
  };

  const json = (value: Json): Json => {
    if (typeof value === 'string') return textValue(value);
    if (Array.isArray(value)) return value.map(json);
    if (value === null || typeof value !== 'object') return value;
    return Object.fromEntries(
      Object.entries(value).map(([key, part]) => [
        key,
        isSecret(key) && part !== null ? REDACTED : json(part),
      ]),
    );
  };

  const textValue = (text: string): string => {
    const parsed = parsedJson(text);
    if (parsed !== undefined) return JSON.stringify(json(parsed));
    if (FORM.test(text)) return pairs(withoutPassword(text));
    return text.includes('?') || text.includes('@') ? text.replace(/\S+/g, url) : text;
  };

  return { json, url };
}

function withoutPassword(text: string): string {
  return text.includes('@') ? text.replace(URL_PASSWORD, `$1${REDACTED}@`) : text;
}

function normalName(name: string): string {
  return name.toLowerCase().replace(/[-_\s[\]]/g, '');
}

/** A name as the server that got it would read it: `pass%77ord` is a password. */
function decoded(name: string): string {
  try {
    return decodeURIComponent(name.replaceAll('+', ' '));
  } catch {
    return name;
  }
}

/** Text that is a JSON object or array; undefined for any other. */
function parsedJson(text: string): Json | undefined {
  if (!/^\s*[{[]/.test(text)) return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
