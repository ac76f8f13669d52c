import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { sampleLog } from '../../test/store/samples.ts';
import { temporaryStoreUrl } from '../../test/store/temporary.ts';
import { planTable } from '../config/plans.ts';
import { DAY_MS } from '../lib/time-units.ts';
import { openStore } from '../store/open-store.ts';
import type { Store } from '../store/store.ts';
import { LEASE_MS } from './lease.ts';
import { type PurgeOptions, purge, purgeable } from './purge.ts';
import { purgeBefore } from './window.ts';

const NOW = Date.UTC(2026, 0, 31);
const plans = planTable();

describe('purgeBefore', () => {
  it.each<[string, number, number | null]>([
    ['free', 0, NOW - 7 * DAY_MS],
    ['free', 3 * DAY_MS, NOW - 10 * DAY_MS],
    ['pro', 1, NOW - 90 * DAY_MS - 1],
    ['archive', 0, null],
  ])('plan %s, grace period of %i ms', (plan, grace, expected) => {
    expect(purgeBefore(plans.get(plan)!, NOW, grace)).toBe(expected);
  });
});

describe('purge', () => {
  let store: Store;
  beforeEach(async () => {
    store = await openStore(temporaryStoreUrl(), { inline: true });
  });
  afterEach(() => store.close());

  const fill = async (organizationId: string, plan: string, ages: readonly number[]) => {
    await store.createOrganization({ id: organizationId, plan, createdAt: 0 });
    const logs = ages.map((age, i) =>
      sampleLog({ organizationId, requestId: `r${i}`, createdAt: NOW - age }),
    );
    const payload = { requestHeaders: null, requestBody: 'x', responseHeaders: null, responseBody: null };
    await store.insert(logs.map((log) => ({ log, payload })));
  };
  const left = async (organizationId: string) => {
    const scope = { organizationId, visibleFrom: null };
    const logs = await store.find({
      scope,
      filter: { op: 'and', filters: [] },
      sort: 'createdAt',
      direction: 'desc',
      limit: 10_000,
    });
    return logs.map(({ createdAt }) => NOW - createdAt);
  };
  const old = (count: number) => Array.from({ length: count }, (_, i) => 30 * DAY_MS + i);
  const run = (options: Partial<PurgeOptions> = {}) =>
    purge(store, { plans, grace: 2 * DAY_MS, now: () => NOW, ...options });

  it('deletes logs past retention and grace period, to the millisecond, as a dry run reports', async () => {
    await fill('acme', 'free', [0, 7 * DAY_MS + 1, 9 * DAY_MS, 9 * DAY_MS + 1, 400 * DAY_MS]);
    await fill('kept', 'archive', [400 * DAY_MS]);
    await fill('odd', 'unknown', [400 * DAY_MS]);
    const expected = [{ organizationId: 'acme', before: NOW - 9 * DAY_MS, logs: 2 }];
    expect(await purgeable(store, { plans, grace: 2 * DAY_MS, now: () => NOW })).toEqual(expected);
    expect(await left('acme')).toHaveLength(5);
    expect(await run()).toEqual(expected);
    expect(await left('acme')).toEqual([0, 7 * DAY_MS + 1, 9 * DAY_MS]);
    expect([await left('kept'), await left('odd')]).toEqual([[400 * DAY_MS], [400 * DAY_MS]]);
    expect(await run()).toEqual([]);
  });

  it('deletes in batches and applies a plan upgrade between them', async () => {
    await fill('acme', 'free', old(1_000));
    const seen: number[] = [];
    const onProgress = async ({ logs }: { logs: number }) => {
      seen.push(logs);
      if (seen.length === 2) await store.setPlan('acme', 'pro');
    };
    expect(await run({ onProgress })).toMatchObject([{ logs: 400 }]);
    expect(seen).toEqual([200, 400]);
    expect(await left('acme')).toHaveLength(600);
  });

  it('runs in one process at a time', async () => {
    await fill('acme', 'free', old(500));
    const [first, second] = await Promise.all([run(), run()]);
    expect([first, second]).toEqual([[expect.objectContaining({ logs: 500 })], null]);
    expect(await run()).toEqual([]);
  });

  it('stops when it is aborted or another process takes the lease', async () => {
    await fill('acme', 'free', old(1_000));
    const ending = new AbortController();
    await run({ signal: ending.signal, onProgress: () => ending.abort() });
    expect(await left('acme')).toHaveLength(800);
    let now = NOW;
    await run({
      now: () => now,
      async onProgress() {
        now += LEASE_MS;
        await store.lease('purge', 'another', now + LEASE_MS, now);
      },
    });
    expect(await left('acme')).toHaveLength(600);
  });

  it('can be retried immediately after a failure', async () => {
    await fill('acme', 'free', old(10));
    const failing = Object.assign(Object.create(store) as Store, {
      deleteBefore: () => Promise.reject(new Error('no')),
      listOrganizations: () => store.listOrganizations(),
      findOrganization: (id: string) => store.findOrganization(id),
      lease: store.lease,
    });
    await expect(purge(failing, { plans, grace: 0, now: () => NOW })).rejects.toThrow('no');
    expect(await run()).toMatchObject([{ logs: 10 }]);
  });
});
