import type { Json } from './request-log.ts';

/** Default size limit of one stored body, in bytes of JSON. */
export const BODY_LIMIT = 65_536;

/**
 * Returns the stored form of a body: unchanged, or, if it exceeds the limit,
 * `{ truncated: true, originalBytes, beginning }`.
 *
 * @param limit bytes; text counts in UTF-8, other values as JSON.
 */
export function truncateBody(body: Json, limit: number): Json {
  if (body === null || typeof body === 'number' || typeof body === 'boolean') return body;
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  if (text.length * 3 <= limit) return body;
  const bytes = Buffer.from(text);
  if (bytes.length <= limit) return body;
  const beginning = bytes.subarray(0, characterBoundary(bytes, limit)).toString();
  return { truncated: true, originalBytes: bytes.length, beginning };
}

/** The last UTF-8 character boundary at or before `limit`. Bytes 10xxxxxx continue a character. */
function characterBoundary(bytes: Buffer, limit: number): number {
  let end = limit;
  while (end > 0 && (bytes[end]! & 0xc0) === 0x80) end--;
  return end;
}
