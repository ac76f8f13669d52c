import { expect, it } from 'vitest';
import { Charge } from '../limits/charge.ts';
import type { RatedViewer, RateLimits } from '../limits/rate-limits.ts';
import { API_RATES } from '../limits/rates.ts';
import { OperationCost } from './operation-cost.ts';

const MIN_COST = API_RATES.graphql.minCost;

function charged() {
  const consumed: number[] = [];
  const state = { allowed: true, limit: 1_000, remaining: 900, windowSeconds: 10, resetAt: 0, retryAfter: 0 };
  const limits = {
    async consume(_api: string, _viewer: unknown, cost: number) {
      await new Promise((resolve) => setTimeout(resolve, 1));
      consumed.push(cost);
      return state;
    },
  };
  const charge = new Charge(limits as unknown as RateLimits, 'graphql', {} as RatedViewer, () => 0);
  return { consumed, charge };
}

it('charges each part once, also of parts that pay at the same time', async () => {
  const { consumed, charge } = charged();
  const cost = new OperationCost(charge, 100);
  await cost.begin(MIN_COST);
  await Promise.all([cost.add(5, 'x'), cost.add(20, 'x'), cost.add(0, 'x')]);
  expect(consumed.reduce((a, b) => a + b)).toBe(MIN_COST + 25);
  expect(charge.cost).toBe(MIN_COST + 25);
});

it('charges a second execution only for what exceeds the first', async () => {
  const { consumed, charge } = charged();
  const first = new OperationCost(charge, 100);
  await first.begin(MIN_COST + 10);
  await first.add(20, 'x');
  const second = new OperationCost(charge, 100);
  await second.begin(MIN_COST + 10);
  await second.add(20, 'x');
  await second.add(7, 'x');
  expect([consumed, charge.cost]).toEqual([[MIN_COST + 10, 20, 7], MIN_COST + 37]);
});

it('charges at least the minimum in total, not in addition to what the parts cost', async () => {
  const { consumed, charge } = charged();
  const cost = new OperationCost(charge, 100);
  await cost.begin(MIN_COST - 7);
  expect(charge.cost).toBe(MIN_COST);
  await cost.add(5, 'x');
  expect(charge.cost).toBe(MIN_COST);
  await cost.add(25, 'x');
  expect([consumed, charge.cost]).toEqual([[MIN_COST, 23], MIN_COST + 23]);
});

it('refuses what exceeds the limit, charges nothing for it, and accepts less', async () => {
  const { charge } = charged();
  const cost = new OperationCost(charge, 100);
  await cost.begin(90);
  await expect(cost.add(11, 'ask for less.')).rejects.toThrow(
    'The query costs 101, and the limit is 100: ask for less.',
  );
  await cost.add(10, 'ask for less.');
  expect(charge.cost).toBe(100);
});

it('is settled once the announced work and the work that follows from it are settled', async () => {
  const { charge } = charged();
  const cost = new OperationCost(charge, 100);
  await cost.begin(MIN_COST);
  const step = async () => {
    await cost.add(1, 'x');
    await Promise.resolve();
  };
  // Announced only after `settled` was called, as by a resolver of a later field.
  queueMicrotask(() => {
    const work = step();
    cost.watch(work);
    void work.then(() => {
      const more = step().then(() => Promise.reject(new Error('refused')));
      cost.watch(more);
    });
  });
  await cost.settled();
  expect(charge.cost).toBe(MIN_COST + 2);
});
