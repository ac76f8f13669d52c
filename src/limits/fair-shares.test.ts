import { expect, it } from 'vitest';
import { DEFAULT_RATES } from '../config/rate-variables.ts';
import { FairShares } from './fair-shares.ts';
import { MemoryBuckets } from './memory-buckets.ts';
import { rateLimits } from './rate-limits.ts';
import type { RatedApi } from './rates.ts';

const START = Date.UTC(2026, 0, 1);
const plan = { name: 'pro', retentionDays: 90, rates: DEFAULT_RATES };

function limits() {
  const buckets = new MemoryBuckets();
  const { consume } = rateLimits({
    consume: (name, requested) => buckets.consume(name, requested),
    shares: new FairShares(),
    defaults: DEFAULT_RATES,
  });
  return async (api: RatedApi, clientId: string, cost: number, now: number) =>
    (await consume(api, { organizationId: 'acme', clientId, plan }, cost, now)).allowed;
}

it.each<[RatedApi, number]>([
  ['scrip', 1],
  ['graphql', 1_000],
  ['signa', 1],
  ['ingest', 1],
])('%s: a client that uses all it can get does not starve a client within its share', async (api, cost) => {
  const isAllowed = limits();
  const seconds = Array.from({ length: 600 }, (_, i) => i);
  let [greedy, light] = [0, 0];
  for (const second of seconds) {
    const now = START + second * 1_000;
    while (await isAllowed(api, 'greedy', cost, now)) greedy++;
    if (await isAllowed(api, 'light', cost, now)) light++;
  }
  expect(light / seconds.length).toBeGreaterThan(0.75);
  expect(greedy).toBeGreaterThan(light);
});

it('lets one client use the whole limit, alone or while other clients are served', async () => {
  const isAllowed = limits();
  let served = 0;
  for (let i = 0; i < 30; i++) if (await isAllowed('scrip', i < 25 ? 'a' : 'b', 1, START)) served++;
  expect(served).toBe(30);
  expect([await isAllowed('scrip', 'b', 1, START), await isAllowed('scrip', 'a', 1, START + 100)]).toEqual([
    false,
    true,
  ]);
});
