import { expect, it } from 'vitest';
import { testApp } from '../../test/support/app.ts';
import { EVERYTHING } from '../log/filter.ts';

it('calls that wait for a thread are bounded: those past the bound are UNAVAILABLE at once, the others are answered', async () => {
  const app = await testApp();
  await app.insert({ organizationId: 'acme' });
  const scope = { organizationId: 'acme', visibleFrom: null };
  const calls = Array.from({ length: 100 }, () => app.store.count(scope, EVERYTHING, null));
  const results = await Promise.allSettled(calls);
  const refused = results.filter((one) => one.status === 'rejected').map(({ reason }) => reason);
  expect(results.filter((one) => one.status === 'fulfilled').length).toBe(64);
  expect(refused).toHaveLength(36);
  for (const error of refused) expect(error).toMatchObject({ code: 'UNAVAILABLE', retryAfter: 1 });
  expect(await app.store.count(scope, EVERYTHING, null)).toEqual({ count: 1, exact: true });
  await app.close();
});
