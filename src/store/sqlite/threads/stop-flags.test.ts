import { expect, it } from 'vitest';
import { StopFlags } from './stop-flags.ts';

it('tells what had begun from what only waited, and stops that one call', () => {
  const asking = StopFlags.of(3);
  const thread = new StopFlags(asking.memory);
  for (const slot of [0, 1, 2]) asking.reset(slot);
  thread.begin(0);
  expect(asking.stop(2)).toBe(false);
  expect(thread.isStopped).toBe(false);
  expect(asking.stop(0)).toBe(true);
  expect(thread.isStopped).toBe(true);
  thread.begin(1);
  expect(thread.isStopped).toBe(false);
  thread.begin(2);
  expect(thread.isStopped).toBe(true);
  asking.reset(2);
  thread.begin(2);
  expect(thread.isStopped).toBe(false);
});
