import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { binOf } from './duration-bins.ts';
import { Sketch, SketchReader } from './sketch.ts';

const anyDuration = fc.oneof(
  fc.integer({ min: 0, max: 60 }),
  fc.integer({ min: 0, max: 10_000 }),
  fc.integer({ min: 0, max: 2_147_483_647 }),
);
const anyDurations = fc.array(anyDuration, { maxLength: 300, size: 'max' });

function encoded(durations: readonly number[]): Uint8Array {
  const sketch = new Sketch();
  for (const duration of durations) sketch.add(duration);
  return sketch.encode();
}

function countsOf(bytes: Uint8Array): Map<number, number> {
  const counts = new Map<number, number>();
  const reader = new SketchReader(bytes);
  while (reader.next()) counts.set(reader.bin, reader.count);
  return counts;
}

it('reads the counts that were encoded', () => {
  fc.assert(
    fc.property(anyDurations, (durations) => {
      const bins = Map.groupBy(
        durations.map(binOf).sort((a, b) => a - b),
        (bin) => bin,
      );
      expect([...countsOf(encoded(durations))]).toEqual([...bins].map(([bin, { length }]) => [bin, length]));
    }),
  );
});

it('is the same for parts that are merged in any order as for all values', () => {
  fc.assert(
    fc.property(fc.array(anyDurations, { maxLength: 6 }), fc.boolean(), (parts, reversed) => {
      const merged = new Sketch();
      for (const part of reversed ? parts.toReversed() : parts) merged.merge(encoded(part));
      expect(merged.encode()).toEqual(encoded(parts.flat()));
    }),
  );
});

it('is the same for counts of bins as for the values in them', () => {
  fc.assert(
    fc.property(anyDurations, (durations) => {
      const counted = new Sketch();
      for (const [bin, values] of Map.groupBy(durations, binOf)) counted.addBin(bin, values.length);
      expect(counted.encode()).toEqual(encoded(durations));
    }),
  );
});

it('holds counts of more than 32 bits', () => {
  let bytes = encoded([7, 7, 90_000]);
  for (let i = 0; i < 40; i++) {
    const doubled = new Sketch();
    doubled.merge(bytes);
    doubled.merge(bytes);
    bytes = doubled.encode();
  }
  expect([...countsOf(bytes).values()]).toEqual([2 ** 41, 2 ** 40]);
});

it('encodes one value in at most 3 bytes', () => {
  expect(encoded([])).toHaveLength(0);
  expect(encoded([0])).toHaveLength(1);
  expect(encoded([2_147_483_647])).toHaveLength(3);
});

it.each([
  ['a truncated count', [0x80]],
  ['a truncated distance', [0x03]],
  ['a count of 0', [0x00]],
  ['a bin above the last one', [0x03, 0xff, 0x7f]],
  ['an endless number', Array.from({ length: 400 }, () => 0xff)],
])('rejects %s', (_name, bytes) => {
  expect(() => new Sketch().merge(Uint8Array.from(bytes))).toThrow('corrupt');
});

it('reads any bytes as a sketch or rejects them', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 40 }), (bytes) => {
      try {
        expect(countsOf(bytes).size).toBeLessThanOrEqual(bytes.length);
      } catch (error) {
        expect(String(error)).toContain('corrupt');
      }
    }),
  );
});
