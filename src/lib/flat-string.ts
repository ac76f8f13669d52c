const MAX_LENGTH = 256;
/** Reused for each string. A UTF-16 code unit takes at most three bytes in UTF-8. */
const buffer = Buffer.alloc(3 * MAX_LENGTH);

/**
 * Returns the same string as one flat piece of memory. V8 keeps concatenated strings as ropes, and the first rope that
 * `JSON.stringify` meets makes it leave its fast path for the rest of the value, which doubles the time for a page.
 * Strings that are not ASCII or longer than 256 characters are returned as they are.
 */
export function flat(text: string): string {
  if (text.length > MAX_LENGTH) return text;
  const length = buffer.write(text);
  const isAscii = length === text.length;
  return isAscii ? buffer.toString('latin1', 0, length) : text;
}
