/** Headers that say a time or how much is left of it. */
const OF_TIME: Readonly<Record<string, (value: string) => string>> = {
  date: () => '<date>',
  'retry-after': () => '<seconds>',
  'x-ratelimit-reset': () => '<time>',
  'x-request-id': (value) => value.replace(ULID, 'req_<ulid>'),
  ratelimit: (value) => value.replace(/\b(t|reset|r|remaining)=\d+/g, '$1=<left>'),
  'x-ratelimit-remaining': (value) => (value === '0' ? value : '<left>'),
};
const ULID = /req_[0-9A-HJKMNP-TV-Z]{26}/g;
const KEY_ID = /key_[0-9A-HJKMNP-TV-Z]{26}/g;
const KEY = /rlk_[\w-]{43}/g;
const CURSOR = /(?<![\w-])Aw[\w-]{70}(?![\w-])/g;

/** Takes out what differs from one run of the same checkout to the next, and nothing else. */
export function normalizer({ folder, url }: { readonly folder: string; readonly url: string }) {
  const keys = new Map<string, string>();
  const numbered = (kind: string, value: string) => {
    if (!keys.has(value)) keys.set(value, `<${kind} ${keys.size}>`);
    return keys.get(value)!;
  };
  const normalize = (text: string): string =>
    text
      .replaceAll(folder, '<folder>')
      .replaceAll(url, '<url>')
      .replace(ULID, 'req_<ulid>')
      .replace(KEY_ID, (id) => numbered('key id', id))
      .replace(KEY, (key) => numbered('key', key))
      .replace(CURSOR, shownCursor)
      .replace(/"(retryAfter|retry_after)":\d+/g, '"$1":"<seconds>"')
      .replace(/"resetAt":"[^"]*"/g, '"resetAt":"<time>"')
      .replace(/again in \d+ s/g, 'again in <seconds> s');
  normalize.header = (name: string, value: string) => normalize((OF_TIME[name] ?? String)(value));
  return normalize;
}

/** Its version, order, fingerprint, sort key and id; without the times and the signature. */
function shownCursor(cursor: string): string {
  const bytes = Buffer.from(cursor, 'base64url');
  return `<cursor ${bytes.toString('hex', 0, 2)} ${bytes.toString('hex', 8, 38)}>`;
}
