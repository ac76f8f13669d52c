import { expect, it } from 'vitest';
import { StopFlags } from './stop-flags.ts';

it('stops one call, and distinguishes running calls from waiting ones', () => {
  const caller = StopFlags.of(3);
  const thread = new StopFlags(caller.memory);
  for (const slot of [0, 1, 2]) caller.reset(slot);
  thread.begin(0);
  expect(thread.wasStopped(2)).toBe(false);
  expect(caller.stop(2)).toBe(false);
  expect(thread.wasStopped(2)).toBe(true);
  expect(thread.isStopped).toBe(false);
  expect(caller.stop(0)).toBe(true);
  expect(thread.isStopped).toBe(true);
  thread.begin(1);
  expect(thread.isStopped).toBe(false);
  thread.begin(2);
  expect(thread.isStopped).toBe(true);
  caller.reset(2);
  thread.begin(2);
  expect(thread.isStopped).toBe(false);
});
