/**
 * A set of characters as a table by UTF-16 code: 1 for each that is in it. It has all codes, as a comparison with the last
 * one of ASCII would cost as much as the look at the table.
 *
 * @param pattern matches the characters of ASCII that are in it.
 * @param othersFrom the first code beyond ASCII from which on all are in it, if any.
 */
export function codeSet(pattern: RegExp, othersFrom = 0x10000): Uint8Array {
  const set = new Uint8Array(0x10000).fill(1, othersFrom);
  for (let code = 0; code < 128; code++) set[code] = Number(pattern.test(String.fromCharCode(code)));
  return set;
}
