import { expect, it } from 'vitest';
import { temporaryStoreUrl } from '../../test/store/temporary.ts';
import { planTable } from '../config/plans.ts';
import { openStore } from '../store/open-store.ts';
import { schedulePurge } from './scheduled-purge.ts';

it('continues after a failed purge and ends when it is stopped', async () => {
  const store = await openStore(temporaryStoreUrl(), { inline: true });
  const events: string[] = [];
  let fails = true;
  const failing = Object.assign(Object.create(store) as typeof store, {
    lease: store.lease,
    listOrganizations: () => (fails ? Promise.reject(new Error('unavailable')) : store.listOrganizations()),
  });
  const stop = schedulePurge(failing, {
    plans: planTable(),
    grace: 0,
    interval: 5,
    now: Date.now,
    done: () => events.push('done'),
    report(error) {
      events.push((error as Error).message);
      fails = false;
    },
  });
  await expect.poll(() => events.length, { timeout: 10_000 }).toBeGreaterThan(2);
  await stop();
  expect(events.slice(0, 2)).toEqual(['unavailable', 'done']);
  const count = events.length;
  await new Promise((later) => setTimeout(later, 30));
  expect(events).toHaveLength(count);
  await store.close();
});
