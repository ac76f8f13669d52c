import type { CodedText } from './coded-text.ts';
/** The end of what is in the brackets or braces that open at `start`, strings in it considered; -1 if they do not close. */
export function groupEnd(text: CodedText, start: number): number {
  let depth = 0;
  for (let i = start; i < text.length; i++) {
    const code = text.codes[i]!;
    if (code === 123 || code === 91) depth++;
    else if (code === 125 || code === 93) {
      if (--depth === 0) return i + 1;
    } else if (code === 34) {
      for (i++; i < text.length && text.codes[i] !== 34; i++) if (text.codes[i] === 92) i++;
    }
  }
  return -1;
}
