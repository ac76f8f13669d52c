import type { Json } from './request-log.ts';

/** Default limit of one stored body, in bytes of JSON. */
export const BODY_LIMIT = 65_536;

/** The body as it is stored: whole, or, where it is longer than the limit, its beginning and a note that it was cut. */
export function cutBody(body: Json, limit: number): Json {
  if (body === null || typeof body === 'number' || typeof body === 'boolean') return body;
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  if (text.length * 3 <= limit) return body;
  const bytes = Buffer.from(text);
  if (bytes.length <= limit) return body;
  return {
    truncated: true,
    originalBytes: bytes.length,
    beginning: new TextDecoder().decode(bytes.subarray(0, limit)).replace(/\uFFFD+$/, ''),
  };
}
