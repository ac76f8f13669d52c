import { setImmediate } from 'node:timers/promises';
import { runInNewContext } from 'node:vm';
import { expect, it } from 'vitest';
import { collectGarbage } from './garbage-collection.ts';

it('collects unreachable objects and keeps reachable ones', async () => {
  const kept = {};
  const refs = [new WeakRef(kept), new WeakRef({})];
  // A WeakRef keeps its target alive until the end of the current turn of the event loop.
  await setImmediate();
  collectGarbage();
  expect(refs.map((ref) => ref.deref())).toEqual([kept, undefined]);
});

it('does not leave gc exposed', () => {
  collectGarbage();
  expect(runInNewContext('typeof gc')).toBe('undefined');
});
