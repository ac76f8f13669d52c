import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { type CodedText, withCodes } from './coded-text.ts';

/** Also halves of pairs, and texts that are longer than an array that is kept. */
const anyText = fc.oneof(
  fc.string({
    unit: fc.constantFrom('a', 'é', '€', '😀', '\ud835', '\udc1a', '\0', '\uffff'),
    maxLength: 100,
  }),
  fc.constantFrom('w'.repeat(1_100_000), '€'.repeat(1_100_000)),
);

function expectCodes(text: CodedText, string: string): void {
  expect(text.string).toBe(string);
  expect(text.length).toBe(string.length);
  expect(text.at(-1)).toBe(-1);
  expect(text.at(string.length)).toBe(-1);
  const codes = Array.from({ length: Math.min(string.length, 200) }, (_, i) => text.at(i));
  expect(codes).toEqual(codes.map((_, i) => string.charCodeAt(i)));
  const last = string.length - 1;
  if (last >= 0) expect(text.at(last)).toBe(string.charCodeAt(last));
}

it('has the codes of its characters, whatever texts are opened meanwhile, and one fails', () => {
  fc.assert(
    fc.property(fc.array(anyText, { minLength: 1, maxLength: 5 }), (strings) => {
      const readAll = (i: number) => {
        const string = strings[i];
        if (string === undefined) throw new Error('the last text fails');
        withCodes(string, (text) => {
          expectCodes(text, string);
          expect(() => readAll(i + 1)).toThrow('fails');
          expectCodes(text, string);
          if (i > 0) throw new Error('it fails as well');
        });
      };
      readAll(0);
    }),
    { numRuns: 60 },
  );
});
