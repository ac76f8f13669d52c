/** Folds the letters A to Z and nothing else: every store can do exactly this, and none depends on a locale. */
export function foldCase(text: string): string {
  return text.replace(/[A-Z]+/g, (letters) => letters.toLowerCase());
}

/** The letters a to z in upper case and nothing else, as HTTP methods are written. */
export function upperCase(text: string): string {
  return text.replace(/[a-z]+/g, (letters) => letters.toUpperCase());
}

/** Whether every store can hold this text as it is: no NUL character, no lone surrogate. */
export function isStorable(text: string): boolean {
  return text.isWellFormed() && !text.includes('\0');
}
