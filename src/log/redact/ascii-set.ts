/** A set of characters of ASCII, as a table by code: 1 for each character that a pattern matches. */
export function asciiSet(pattern: RegExp): Uint8Array {
  return Uint8Array.from({ length: 128 }, (_, code) => Number(pattern.test(String.fromCharCode(code))));
}
