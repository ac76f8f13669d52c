import { foldCase } from '../../../lib/fold-case.ts';
import type { LogField } from '../../../log/fields.ts';

/*
 * The text index holds hashes of the grams of a field's text: of each three and each four code units in sequence, folded. Two code
 * units that no text contains come before the first one, so the grams of a beginning differ from those of the same text elsewhere.
 */
const ANCHOR = 1;

/** A number of how grams are hashed and folded. It changes with the version of Unicode, whose later versions may fold more letters. */
export const GRAM_FORMAT = 1_000 + Math.floor(Number(process.versions.unicode ?? 0));

/** The most grams of a text that are looked for: more would hardly exclude more. */
const MAX_WANTED = 12;

/** What is added to the hashes of a field. It depends on the name only, so that other fields may come and go. */
export function saltOf(field: LogField): number {
  return [...field].reduce((salt, letter) => Math.imul(salt, 31) + letter.charCodeAt(0), 7) | 0;
}

/**
 * Writes the hashes of the grams of a text. Returns how many there are.
 *
 * @param hashes room for twice as many as the text has code units.
 */
export function writeGrams(text: string, salt: number, hashes: Int32Array): number {
  return write(foldCase(text), salt, true, hashes);
}

/**
 * The hashes of grams that every text of a field has that contains or starts with this one, the rarer ones first. Empty if it is too
 * short to have any: `contains` needs three code units, `startsWith` one.
 */
export function wantedGrams(field: LogField, text: string, op: 'contains' | 'startsWith'): readonly number[] {
  const folded = foldCase(text);
  const hashes = new Int32Array(2 * folded.length);
  const all = [...hashes.subarray(0, write(folded, saltOf(field), op === 'startsWith', hashes))];
  // The first hash is that of a gram of three; then each gram of three is followed by one of four.
  const four = all.filter((_, i) => i > 0 && i % 2 === 0);
  const three = all.filter((_, i) => i === 0 || i % 2 === 1);
  const step = Math.max(1, four.length / MAX_WANTED);
  const spread = Array.from(
    { length: Math.min(four.length, MAX_WANTED) },
    (_, i) => four[Math.floor(i * step)]!,
  );
  return [...spread, ...three].slice(0, MAX_WANTED);
}

function write(folded: string, salt: number, isAnchored: boolean, hashes: Int32Array): number {
  let count = 0;
  let before = isAnchored ? 2 : 0;
  let [a, b, c] = [0, ANCHOR, ANCHOR];
  for (let i = 0; i < folded.length; i++) {
    const d = folded.charCodeAt(i);
    if (before >= 2) {
      const three = hashOf(b, c, d ^ salt);
      hashes[count++] = three;
      if (before >= 3) hashes[count++] = hashOf(a, three, 0);
      else before = 3;
    } else before++;
    a = b;
    b = c;
    c = d;
  }
  return count;
}

function hashOf(a: number, b: number, c: number): number {
  let hash = Math.imul(a, 0x9e3779b1) ^ Math.imul(b, 0x85ebca77) ^ Math.imul(c, 0xc2b2ae3d);
  hash = Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d);
  hash = Math.imul(hash ^ (hash >>> 12), 0x297a2d39);
  return hash ^ (hash >>> 15);
}
