import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { CharacterSearch } from './character-search.ts';
import { withCodes } from './coded-text.ts';

/** Each has a meaning of its own in a class of a pattern, or is an escape of one. */
const CHARACTERS = [...'^]-\\[/&"\n\0'];

it('finds the next of its characters, near and far, as a search of each one does', () => {
  const anyText = fc
    .array(fc.oneof(fc.constantFrom(...CHARACTERS, 'n', '0', 'é', '😀'), fc.constant('w'.repeat(20))))
    .map((parts) => parts.join(''));
  fc.assert(
    fc.property(anyText, fc.subarray(CHARACTERS, { minLength: 1 }), fc.nat(300), (text, wanted, from) => {
      const found = wanted.map((one) => text.indexOf(one, from)).filter((at) => at >= from);
      const search = new CharacterSearch(wanted.join(''));
      const next = withCodes(text, (coded) => search.next(coded, from));
      expect(next).toBe(Math.min(text.length, ...found));
    }),
  );
});
