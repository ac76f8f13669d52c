import { expect, it, vi } from 'vitest';
import { badInput } from '../log/errors.ts';
import { MATCH_ALL } from '../log/filter.ts';
import { countExactly } from './count-within.ts';

const scope = { organizationId: 'acme', visibleFrom: null };

it.each([
  [
    'from the logs if no roll-up holds the answer',
    () => Promise.reject(badInput('No roll-up holds the answer.')),
  ],
  ['from the logs if roll-ups leave many logs to read', async () => ({ cells: 1, logs: 1_000_000 })],
])('counts %s', async (_name, statsWork) => {
  const count = vi.fn(async () => ({ count: 7, exact: true }));
  const stats = vi.fn();
  expect(await countExactly({ count, stats, statsWork }, scope, MATCH_ALL)).toBe(7);
  expect(count).toHaveBeenCalledWith(scope, MATCH_ALL, null);
  expect(stats).not.toHaveBeenCalled();
});
