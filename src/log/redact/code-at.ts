/**
 * The code of the character at a position; -1 before the beginning and after the end of the text. `charCodeAt` returns NaN
 * there, and after it once did, V8 compares all its results as fractions, which takes twice the time.
 */
export function codeAt(text: string, i: number): number {
  return i >= 0 && i < text.length ? text.charCodeAt(i) : -1;
}
