import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { withCodes } from './redact/coded-text.ts';
import { SECRET_NAMES, secretNames } from './secret-names.ts';

/** Ways to write a letter that read as the letter. */
const SPELLINGS: readonly ((letter: string) => string)[] = [
  (letter) => letter,
  (letter) => letter.toUpperCase(),
  (letter) => `${letter}-`,
  (letter) => `_${letter}`,
  (letter) => `%${letter.charCodeAt(0).toString(16)}`,
  (letter) => `\\u00${letter.charCodeAt(0).toString(16)}`,
  // Full width, and mathematical bold, which is a pair of halves.
  (letter) => String.fromCodePoint(letter.charCodeAt(0) + 0xfee0),
  (letter) => String.fromCodePoint(letter.charCodeAt(0) - 97 + 0x1d41a),
  // Half of a pair alone is left out.
  (letter) => `\ud835${letter}`,
  (letter) => `${letter}\udc1a`,
];

it('a secret name is secret in every spelling', () => {
  const isSecret = secretNames([]);
  const anyName = fc.constantFrom(...Object.values(SECRET_NAMES).flat());
  const anySpelling = fc
    .tuple(anyName, fc.infiniteStream(fc.constantFrom(...SPELLINGS)))
    .map(([name, spellings]) => [...name].map((letter) => spellings.next().value(letter)).join(''));
  fc.assert(
    fc.property(anySpelling, fc.string(), (name, before) => {
      const { length } = before;
      const found = withCodes(before + name, (text) => isSecret(text, length, length + name.length));
      expect(found).toBe(true);
    }),
    { numRuns: 1_000 },
  );
});

it.each(['ẚpin', 'xpin', '', 'pi', 'passage', '😀', '\ud835'])('%j is no secret name', (name) => {
  const isSecret = secretNames([]);
  expect(withCodes(name, (text) => isSecret(text, 0, name.length))).toBe(false);
});
