import type { Json } from './request-log.ts';

/** Default limit of one stored body, in bytes of JSON. */
export const BODY_LIMIT = 65_536;

/** The body as it is stored: whole, or, if it is longer than the limit, its beginning and a note that it was cut. */
export function cutBody(body: Json, limit: number): Json {
  if (body === null || typeof body === 'number' || typeof body === 'boolean') return body;
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  if (text.length * 3 <= limit) return body;
  const bytes = Buffer.from(text);
  if (bytes.length <= limit) return body;
  const beginning = bytes.subarray(0, wholeCharacters(bytes, limit)).toString();
  return { truncated: true, originalBytes: bytes.length, beginning };
}

/** The end of the last UTF-8 character that fits: a byte 10xxxxxx goes on with the character before it. */
function wholeCharacters(bytes: Buffer, limit: number): number {
  let end = limit;
  while (end > 0 && (bytes[end]! & 0xc0) === 0x80) end--;
  return end;
}
