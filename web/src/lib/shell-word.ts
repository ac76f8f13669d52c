/** A word of a POSIX shell in which nothing is expanded. @param text without NUL, which no word can carry. */
export function shellWord(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}
