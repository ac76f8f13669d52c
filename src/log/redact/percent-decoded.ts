import { CodeUnits } from './code-units.ts';
import type { CodedText } from './coded-text.ts';
import { byteAt } from './name-characters.ts';

const PERCENT = 37;
const PLUS = 43;
const SPACE = 32;

const units = new CodeUnits();

/**
 * The text with its percent escapes decoded once; the same string if it has none. What is no escape or no UTF-8 stands
 * for itself. Unlike `decodeURIComponent`, it never throws, which would cost microseconds for each malformed escape.
 *
 * @param blanks `plus`: a plus sign is a space, as in forms and query strings; `encoded`: escapes of blanks and control
 * characters stay, so that no word ends where none did.
 */
export function percentDecoded(text: CodedText, blanks: 'decoded' | 'plus' | 'encoded'): string {
  const plusIsSpace = blanks === 'plus';
  if (!hasEscapes(text) && !(plusIsSpace && text.string.includes('+'))) return text.string;
  units.start(text.length);
  let decoded = false;
  const otherStop = plusIsSpace ? PLUS : PERCENT;
  for (let i = units.addUntil(text, 0, PERCENT, otherStop); i < text.length; ) {
    let code = text.codes[i]!;
    let width = 1;
    if (code === PERCENT) {
      const first = byteAt(text, i + 1);
      if (first > SPACE || (first >= 0 && blanks !== 'encoded')) {
        code = first;
        width = 3;
        decoded = true;
        if (first >= 0x80) {
          const point = multiByte(text, i, first);
          if (point >= 0) {
            code = point;
            width = pointWidth;
          }
        }
      }
    } else {
      code = SPACE;
      decoded = true;
    }
    units.add(code);
    i += width;
    if (text.at(i) !== PERCENT) i = units.addUntil(text, i, PERCENT, otherStop);
  }
  return decoded ? units.text() : text.string;
}

/** Whether a text has a percent escape. A percent sign alone is none, and to look at it is cheaper than to copy it. */
function hasEscapes(text: CodedText): boolean {
  for (let i = text.indexOf('%', 0); i >= 0; i = text.indexOf('%', i + 1)) {
    while (text.at(i + 1) === PERCENT) i++;
    if (byteAt(text, i + 1) >= 0) return true;
  }
  return false;
}

/** Characters that the escapes of the last code point took. */
let pointWidth = 0;

/** The code point whose UTF-8 is escaped at `start`; -1 if that is none. */
function multiByte(text: CodedText, start: number, first: number): number {
  const more = first >= 0xf5 ? 0 : first >= 0xf0 ? 3 : first >= 0xe0 ? 2 : first >= 0xc2 ? 1 : 0;
  if (more === 0) return -1;
  let point = first & (0x3f >> more);
  for (let i = 1; i <= more; i++) {
    const at = start + 3 * i;
    const byte = text.at(at) === PERCENT ? byteAt(text, at + 1) : -1;
    if ((byte & 0xc0) !== 0x80) return -1;
    point = (point << 6) | (byte & 0x3f);
  }
  pointWidth = 3 * (more + 1);
  if (point > 0x10ffff || (point >= 0xd800 && point < 0xe000)) return -1;
  return point;
}

/** The text without a percent escape that was cut at its end, as nobody can say what it stood for. */
export function withoutCutEscape(text: string): string {
  const last = text.lastIndexOf('%');
  return last >= 0 && last >= text.length - 2 ? text.slice(0, last) : text;
}
