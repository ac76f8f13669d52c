import { expect, test } from 'vitest';
import { initiallyOpen } from './open-nodes.ts';

test('a small value is open as a whole', () => {
  const leaf = { c: 1 };
  const value = { a: [leaf], b: 2 };
  expect(initiallyOpen(value)).toEqual(new Set([value, value.a, leaf]));
});

test('of a large value only so much is open that it does not block the page', () => {
  const wide = Array.from({ length: 50_000 }, (_, index) => ({ index, name: 'a' }));
  expect(initiallyOpen(wide).size).toBe(1 + 50);
  expect(initiallyOpen({ wide, second: wide }).has(wide)).toBe(true);
});

test('deep values end', () => {
  let deep: unknown = 1;
  for (let depth = 0; depth < 1_000; depth++) deep = [deep];
  expect(initiallyOpen(deep).size).toBeLessThanOrEqual(201);
});
