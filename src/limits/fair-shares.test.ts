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
])(
  '%s: a client that takes whatever is there does not starve one that asks within its share',
  async (api, cost) => {
    const ask = limits();
    const seconds = Array.from({ length: 600 }, (_, i) => i);
    let [greedy, isWithinShare] = [0, 0];
    for (const second of seconds) {
      const now = START + second * 1_000;
      while (await ask(api, 'greedy', cost, now)) greedy++;
      if (await ask(api, 'isWithinShare', cost, now)) isWithinShare++;
    }
    expect(isWithinShare / seconds.length).toBeGreaterThan(0.75);
    expect(greedy).toBeGreaterThan(isWithinShare);
  },
);

it('a client alone has the whole limit, and so has one beside others who are served', async () => {
  const ask = limits();
  let served = 0;
  for (let i = 0; i < 30; i++) if (await ask('scrip', i < 25 ? 'a' : 'b', 1, START)) served++;
  expect(served).toBe(30);
  expect([await ask('scrip', 'b', 1, START), await ask('scrip', 'a', 1, START + 100)]).toEqual([false, true]);
});
