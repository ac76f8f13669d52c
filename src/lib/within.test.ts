import { expect, it } from 'vitest';
import { within } from './within.ts';

const late = () => new Error('late');

it('returns the result or the error of work that settles in time', async () => {
  expect(await within(60_000, Promise.resolve(1), late)).toBe(1);
  await expect(within(60_000, Promise.reject(new Error('own')), late)).rejects.toThrow('own');
});

it('times out, and ignores a later error of the work', async () => {
  const { promise, reject } = Promise.withResolvers<never>();
  await expect(within(1, promise, late)).rejects.toThrow('late');
  reject(new Error('own'));
});
