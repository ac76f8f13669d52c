import { expect, it } from 'vitest';
import { recorded, SAMPLE_TIME, sampleLog } from '../../test/store/samples.ts';
import { temporaryStoreUrl } from '../../test/store/temporary.ts';
import { wrapStore } from '../../test/support/wrap-store.ts';
import { openStore } from '../store/open-store.ts';
import { unavailable } from '../store/unavailable.ts';
import { deleteOrganization, eraseLogs } from './erase.ts';

const ERASURE = { organizationId: 'acme', match: { field: 'consumerId', value: 'x' } } as const;
const OPTIONS = { rewrite: false };

const logOf = (requestId: string) =>
  recorded(sampleLog({ requestId, consumerId: 'x', createdAt: SAMPLE_TIME }));

it('looks again for logs that arrive meanwhile, and reports if they do not end', async () => {
  const store = await openStore(temporaryStoreUrl(), { inline: true });
  let arriving = 1;
  let sent = 0;
  const busy = wrapStore(store, () => undefined, {
    async eraseStep(erasure, after) {
      const step = await store.eraseStep(erasure, after);
      if (sent < arriving) await store.insert([logOf(`late${sent++}`)]);
      return step;
    },
  });
  await store.insert([logOf('first')]);
  expect(await eraseLogs(busy, ERASURE, OPTIONS)).toEqual({ logs: 2, outcome: 'done' });
  arriving = Infinity;
  await store.insert([logOf('second')]);
  expect(await eraseLogs(busy, ERASURE, OPTIONS)).toMatchObject({ outcome: 'arriving' });
  arriving = 0;
  expect(await eraseLogs(busy, ERASURE, OPTIONS)).toEqual({ logs: 1, outcome: 'done' });
  await store.close();
});

it('says what to do if the logs were deleted but the file could not be cleaned up', async () => {
  const store = await openStore(temporaryStoreUrl(), { inline: true });
  const full = wrapStore(store, () => undefined, {
    cleanUp: () => Promise.reject(unavailable('the disk is full')),
  });
  await store.insert([logOf('first')]);
  await expect(eraseLogs(full, ERASURE, OPTIONS)).rejects.toThrow(
    'The logs were deleted, but the file may still hold their values: run relaylog compact. The log store is unavailable: the disk is full.',
  );
  expect(await store.findByRequestId({ organizationId: 'acme', visibleFrom: null }, 'first')).toBeNull();
  await store.close();
});

it('deletes an organization and its keys before its logs, and its rate limits last', async () => {
  const store = await openStore(temporaryStoreUrl(), { inline: true });
  const calls: string[] = [];
  await deleteOrganization(
    wrapStore(store, (name) => calls.push(name)),
    'acme',
    OPTIONS,
  );
  expect(calls).toEqual(['deleteOrganization', 'settled', 'eraseStep', 'cleanUp', 'deleteBuckets']);
  await store.close();
});
