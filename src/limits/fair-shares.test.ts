import { expect, it } from 'vitest';
import { FairShares } from './fair-shares.ts';
import { MemoryBuckets } from './memory-buckets.ts';
import { rateLimits } from './rate-limits.ts';
import { DEFAULT_RATES, type RatedFaceName } from './rates.ts';

const START = Date.UTC(2026, 0, 1);
const plan = { name: 'pro', retentionDays: 90, rates: DEFAULT_RATES };

function limits() {
  const buckets = new MemoryBuckets();
  const { draw } = rateLimits({
    draw: (name, asked) => buckets.draw(name, asked),
    shares: new FairShares(),
    defaults: DEFAULT_RATES,
  });
  return async (face: RatedFaceName, clientId: string, cost: number, now: number) =>
    (await draw(face, { organizationId: 'acme', clientId, plan }, cost, now)).allowed;
}

it.each<[RatedFaceName, number]>([
  ['scrip', 1],
  ['graphql', 1_000],
  ['signa', 1],
  ['ingest', 1],
])(
  '%s: a client that takes whatever is there does not starve one that asks within its share',
  async (face, cost) => {
    const ask = limits();
    const seconds = Array.from({ length: 600 }, (_, i) => i);
    let [greedy, modest] = [0, 0];
    for (const second of seconds) {
      const now = START + second * 1_000;
      while (await ask(face, 'greedy', cost, now)) greedy++;
      if (await ask(face, 'modest', cost, now)) modest++;
    }
    expect(modest / seconds.length).toBeGreaterThan(0.75);
    expect(greedy).toBeGreaterThan(modest);
  },
);

it('a client alone has the whole limit, and so has one beside others who are served', async () => {
  const ask = limits();
  let served = 0;
  for (let i = 0; i < 30; i++) if (await ask('scrip', i < 25 ? 'a' : 'b', 1, START)) served++;
  expect(served).toBe(30);
  expect([await ask('scrip', 'b', 1, START), await ask('scrip', 'a', 1, START + 100)]).toEqual([false, true]);
});
