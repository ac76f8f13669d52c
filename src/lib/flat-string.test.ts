import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { whole } from './flat-string.ts';

it('is the same text, whatever it is made of and however long it is', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), fc.string({ unit: 'binary' }), fc.nat(300), (a, b, times) => {
      for (const text of [a + b, a.repeat(times) + b]) expect(whole(text)).toBe(text);
    }),
  );
  for (const wide of ['é', '€', '😀', '\ud800']) {
    for (let length = 80; length < 260; length++) {
      for (const text of [wide.padEnd(length, 'x'), 'x'.repeat(length) + wide, wide.repeat(length)])
        expect(whole(text)).toBe(text);
    }
  }
  for (const text of ['', 'x'.repeat(256), 'x'.repeat(257), '\ud800', 'é', '\u0000'])
    expect(whole(text)).toBe(text);
});
