import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { caseVariants, foldCase } from './fold-case.ts';

const characters = Array.from({ length: 0x110000 }, (_, code) => code)
  .filter((code) => code < 0xd800 || code > 0xdfff)
  .map((code) => String.fromCodePoint(code));
const cased = characters.filter((one) => /\p{Cased}|\p{Changes_When_Casemapped}/u.test(one));
const allCased = cased.join('');
const byFold = Map.groupBy(cased, foldCase);
const code = (character: string) => `U+${character.codePointAt(0)!.toString(16).padStart(4, '0')}`;

/** Each two different characters that regular expressions hold equal with the flags `iu`. */
const PAIRS = cased.flatMap((one) =>
  [...allCased.matchAll(new RegExp(one, 'giu'))]
    .map(([other]) => [one, other] as const)
    .filter(([, other]) => other !== one),
);

describe('foldCase', () => {
  it('folds every two characters alike that the flags iu hold equal, and no others', () => {
    expect(PAIRS.length).toBeGreaterThanOrEqual(2_912);
    expect(PAIRS.filter(([one, other]) => foldCase(one) !== foldCase(other))).toEqual([]);
    const alike = [...byFold.values()].flatMap((all) =>
      all.flatMap((one) => all.filter((other) => other !== one).map((other) => code(one) + code(other))),
    );
    expect(characters.filter((one) => foldCase(one) !== one && !cased.includes(one))).toEqual([]);
    expect(new Set(alike)).toEqual(new Set(PAIRS.map(([one, other]) => code(one) + code(other))));
  });

  it('gives the variants of every character', () => {
    const wrong = cased.filter(
      (one) => caseVariants(one).toSorted().join() !== byFold.get(foldCase(one))!.toSorted().join(),
    );
    expect(wrong).toEqual([]);
    for (const one of ['/', '_', '%', '1', '日', '𝒳']) expect(caseVariants(one)).toEqual([one]);
  });

  it('folds texts character by character, keeps their length, and changes nothing when it is repeated', () => {
    const text = fc.string({
      unit: fc.constantFrom('É', 'é', 'ẞ', 'ß', 'K', 'k', 'ſ', 'S', '𐐀', 'İ', 'ı', 'ΐ', '/', '€'),
    });
    fc.assert(
      fc.property(text, (one) => {
        const folded = foldCase(one);
        expect(folded).toBe([...one].map(foldCase).join(''));
        expect(folded.length).toBe(one.length);
        expect(foldCase(folded)).toBe(folded);
      }),
    );
  });
});
