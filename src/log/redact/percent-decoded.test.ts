import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { withCodes } from './coded-text.ts';
import { percentDecoded } from './percent-decoded.ts';

it('decodes what was encoded, whatever characters stand before and after', () => {
  const anyText = fc.string({
    unit: fc.constantFrom('w', ' ', '%', '+', '\u00e9', '\u20ac', '😀', '\0', 'text'),
  });
  fc.assert(
    fc.property(anyText, anyText, (encoded, plain) => {
      const rest = plain.replaceAll('%', '');
      const decoded = (text: string, blanks: 'decoded' | 'plus') =>
        withCodes(text, (coded) => percentDecoded(coded, blanks));
      expect(decoded(encodeURIComponent(encoded) + rest, 'decoded')).toBe(encoded + rest);
      expect(decoded(rest + encodeURIComponent(encoded), 'plus')).toBe(rest.replaceAll('+', ' ') + encoded);
    }),
  );
});
