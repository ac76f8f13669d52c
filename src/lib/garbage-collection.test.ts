import { setImmediate } from 'node:timers/promises';
import { runInNewContext } from 'node:vm';
import { expect, it } from 'vitest';
import { collectGarbage } from './garbage-collection.ts';

it('collects what nothing refers to, and nothing else', async () => {
  const kept = {};
  const refs = [new WeakRef(kept), new WeakRef({})];
  // A WeakRef keeps what it was made of until the end of its turn.
  await setImmediate();
  collectGarbage();
  expect(refs.map((ref) => ref.deref())).toEqual([kept, undefined]);
});

it('leaves no gc behind', () => {
  collectGarbage();
  expect(runInNewContext('typeof gc')).toBe('undefined');
});
