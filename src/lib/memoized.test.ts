import { expect, it } from 'vitest';
import { memoized } from './memoized.ts';

it('calls until it succeeds, and then returns the same result', async () => {
  let calls = 0;
  const next = memoized(async () => {
    calls += 1;
    if (calls === 1) throw new Error('not yet');
    return calls;
  });
  await expect(next()).rejects.toThrow('not yet');
  expect(await Promise.all([next(), next()])).toEqual([2, 2]);
  expect(await next()).toBe(2);
});
