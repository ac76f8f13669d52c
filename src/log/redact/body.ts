import type { Json } from '../request-log.ts';
import type { BodyOptions } from './body-options.ts';
import { redactBodyText } from './body-text.ts';
import { withCodes } from './coded-text.ts';
import { redactJson } from './json.ts';
import { parsedJson, replaceKnown, replaceKnownIn, type TextSearch } from './text.ts';

/**
 * Makes what is stored of a body: redacted by its form, and no longer than the limit. It is cut before it is searched; what
 * is open where it was cut, such as a string or a number, counts as a secret if it may be one.
 *
 * - `{"truncated": true, "originalBytes", "beginning"}` for a longer one.
 * - `{"omitted": true, "reason", "contentType", "originalBytes"}` if its form is not understood.
 *
 * @param contentType the header that was recorded with it; null if there is none.
 */
export function storedBody(
  body: Json,
  contentType: string | null,
  search: TextSearch,
  options: BodyOptions,
): Json {
  if (body === null || typeof body === 'boolean') return body;
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  const { limit } = options;
  const isLong = text.length * 3 > limit && Buffer.byteLength(text) > limit;
  const kept = isLong ? cutText(text, limit) : text;
  search.start(kept.length);
  // Redaction can make a text longer: what will not be stored is not searched again.
  let isLonger = false;
  const shown = withCodes(kept, (coded) => {
    const form =
      typeof body === 'string'
        ? redactBodyText(coded, contentType, search, isLong)
        : redactJson(coded, search, isLong);
    if (form === null && options.unknownBodies === 'omit') return null;
    const redacted = form ?? search.text(coded, isLong);
    if (redacted === kept) return replaceKnownIn(coded, isLong);
    isLonger = redacted.length > limit;
    return replaceKnown(isLonger ? cutText(redacted, limit) : redacted, isLong || isLonger);
  });
  if (shown === null) return omitted(text, contentType, search);
  if (!isLong && !isLonger) {
    if (shown === text) return body;
    if (shown.length * 3 <= limit || Buffer.byteLength(shown) <= limit) {
      return typeof body === 'string' ? shown : parsedJson(shown);
    }
  }
  return {
    truncated: true,
    originalBytes: Buffer.byteLength(text),
    beginning: cutToBytes(shown, limit),
  };
}

/** Most characters of a `Content-Type` that is shown. */
const MAX_TYPE = 128;

function omitted(text: string, contentType: string | null, search: TextSearch): Json {
  const type = contentType === null ? null : contentType.slice(0, MAX_TYPE);
  return {
    omitted: true,
    reason:
      type === null
        ? 'the body has no Content-Type and is in an unknown form'
        : 'the body is in an unknown form',
    contentType:
      type === null
        ? null
        : replaceKnown(
            withCodes(type, (coded) => search.text(coded, false)),
            false,
          ),
    originalBytes: Buffer.byteLength(text),
  };
}

/** The beginning of a text, as many characters as bytes may be stored; no pair of surrogates is divided. */
function cutText(text: string, length: number): string {
  const last = text.charCodeAt(length - 1);
  return text.slice(0, last >= 0xd800 && last < 0xdc00 ? length - 1 : length);
}

/** The beginning of a text that fits into so many bytes of UTF-8. */
function cutToBytes(text: string, limit: number): string {
  const bytes = Buffer.from(text);
  if (bytes.length <= limit) return text;
  let end = limit;
  // A byte 10xxxxxx goes on with the character before it.
  while (end > 0 && (bytes[end]! & 0xc0) === 0x80) end--;
  return bytes.subarray(0, end).toString();
}
