// @ts-expect-error The page has no types of Node.
import { execFileSync } from 'node:child_process';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { shellWord } from './shell-word.ts';

const text = fc
  .oneof(
    fc.string({ unit: fc.constantFrom("'", '"', '\\', '$', '`', '!', ';', '\n', ' ', '(', '-', '@', 'a') }),
    fc.string({ unit: 'binary' }),
  )
  .map((value) => value.replaceAll('\0', '').toWellFormed());

test('a shell reads each word as it is', () => {
  fc.assert(
    fc.property(text, (value) => {
      const command = `printf %s ${shellWord(value)}`;
      expect(execFileSync('/bin/sh', ['-c', command], { encoding: 'utf8' })).toBe(value);
    }),
    { numRuns: 50 },
  );
});
