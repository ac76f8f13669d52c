import { Readable } from 'node:stream';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { MAX_LINE_BYTES, readLines } from './lines.ts';

async function linesOf(chunks: readonly Uint8Array[]) {
  const found: [number: number, text: string | null][] = [];
  for await (const lines of readLines(Readable.from(chunks.map((chunk) => Buffer.from(chunk))))) {
    for (const { number, bytes, start, end, encoding, tooLong } of lines) {
      found.push([number, tooLong ? null : bytes.toString(encoding, start, end)]);
    }
  }
  return found;
}

const piece = fc.oneof(
  fc.constantFrom('\n', '\r\n', '\r', '', '\uFEFF', 'é', '漢', 'plain text'),
  fc.string({ unit: 'grapheme', maxLength: 5 }),
);

it('finds the same lines however the stream is divided, packed or not', async () => {
  const text = fc.array(piece, { maxLength: 20 }).map((pieces) => Buffer.from(pieces.join('')));
  await fc.assert(
    fc.asyncProperty(text, fc.array(fc.nat(60)), fc.boolean(), async (bytes, cuts, packed) => {
      // A text that begins like gzip would be decompressed.
      const source = packed ? gzipSync(bytes) : bytes;
      const at = [0, ...cuts.map((cut) => Math.min(cut, source.length)).sort((a, b) => a - b), source.length];
      const chunks = at.slice(1).map((end, i) => source.subarray(at[i], end));
      const expected = bytes
        .toString()
        .replace(/^\uFEFF/, '')
        .split('\n')
        .map((line, i): [number, string] => [i + 1, line.replace(/\r$/, '')]);
      if (bytes.length === 0 || bytes.at(-1) === 0x0a) expected.pop();
      expect(await linesOf(chunks)).toEqual(expected);
    }),
    { numRuns: 300 },
  );
});

it('keeps the longest line, and no text of a longer one', async () => {
  const chunk = Buffer.alloc(65_536, 'x');
  const longest = Array.from({ length: MAX_LINE_BYTES / chunk.length }, () => chunk);
  const found = await linesOf([...longest, Buffer.from('\n'), ...longest, Buffer.from('x\nend')]);
  expect(found.map(([number, text]) => [number, text?.length ?? null])).toEqual([
    [1, MAX_LINE_BYTES],
    [2, null],
    [3, 3],
  ]);
});
