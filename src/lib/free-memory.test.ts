import { expect, it } from 'vitest';
import { freeMemory } from './free-memory.ts';

it('frees bytes that have a buffer of their own, and can be called again', () => {
  const bytes = new Uint8Array(100);
  freeMemory(bytes);
  freeMemory(bytes);
  expect([bytes.length, bytes.buffer.detached]).toEqual([0, true]);
});

it('frees a buffer of the size that is owned, and no other one', () => {
  const buffer = new ArrayBuffer(101);
  const bytes = new Uint8Array(buffer, 0, 100);
  freeMemory(bytes);
  expect(buffer.detached).toBe(false);
  freeMemory(bytes, 101);
  expect(buffer.detached).toBe(true);
});
