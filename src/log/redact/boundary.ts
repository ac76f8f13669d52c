import { byteAt } from './name-characters.ts';

/** Whether a character is a letter or digit of ASCII or `_`. */
export function isWordCode(code: number): boolean {
  return (
    (code >= 97 && code <= 122) || (code >= 48 && code <= 57) || (code >= 65 && code <= 90) || code === 95
  );
}

/** Whether the character before `i` is the end of an escape (`\n`, `\u003d`, `%3D`) and not a letter of its own. */
export function followsEscape(text: string, i: number): boolean {
  const BACKSLASH = 92;
  if (i >= 2 && text.charCodeAt(i - 2) === BACKSLASH) return 'nrtbf'.includes(text[i - 1]!);
  if (i >= 3 && text.charCodeAt(i - 3) === 37 && byteAt(text, i - 2) >= 0) return true;
  return i >= 6 && text.charCodeAt(i - 6) === BACKSLASH && text[i - 5] === 'u' && byteAt(text, i - 2) >= 0;
}
