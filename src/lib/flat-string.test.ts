import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { flat } from './flat-string.ts';

it('returns an equal string for any content and length', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), fc.string({ unit: 'binary' }), fc.nat(300), (a, b, times) => {
      for (const text of [a + b, a.repeat(times) + b]) expect(flat(text)).toBe(text);
    }),
  );
  for (const wide of ['é', '€', '😀', '\ud800']) {
    for (let length = 80; length < 260; length++) {
      for (const text of [wide.padEnd(length, 'x'), 'x'.repeat(length) + wide, wide.repeat(length)])
        expect(flat(text)).toBe(text);
    }
  }
  for (const text of ['', 'x'.repeat(256), 'x'.repeat(257), '\ud800', 'é', '\u0000'])
    expect(flat(text)).toBe(text);
});
