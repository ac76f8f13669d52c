import { expect, it } from 'vitest';
import { Charge } from './charge.ts';
import type { RatedViewer, RateLimits } from './rate-limits.ts';
import { API_RATES, type RatedApi } from './rates.ts';

it('repeats the first refusal without consuming again', async () => {
  let requests = 0;
  const state = { allowed: false, limit: 10, remaining: 3, windowSeconds: 10, resetAt: 0, retryAfter: 1 };
  const limits = { consume: async () => ({ ...state, retryAfter: ++requests }) } as unknown as RateLimits;
  const charge = new Charge(limits, 'graphql', {} as RatedViewer, () => 0);
  for (let time = 0; time < 2; time++) {
    await expect(charge.pay(5)).rejects.toMatchObject({ code: 'RATE_LIMITED', retryAfter: 1 });
  }
  expect(requests).toBe(1);
});

it.each(Object.entries(API_RATES))(
  '%s: a request is charged the minimum at least, in total',
  async (api, { minCost }) => {
    const consumed: number[] = [];
    const state = {
      allowed: true,
      limit: 1_000,
      remaining: 900,
      windowSeconds: 10,
      resetAt: 0,
      retryAfter: 0,
    };
    const limits = {
      async consume(_api: string, _viewer: unknown, cost: number) {
        consumed.push(cost);
        return state;
      },
    } as unknown as RateLimits;
    const charge = () => new Charge(limits, api as RatedApi, {} as RatedViewer, () => 0);
    await charge().payIfUnpaid();
    expect(consumed.splice(0)).toEqual([minCost]);
    const paid = charge();
    await paid.pay(1);
    await paid.payIfUnpaid();
    await paid.pay(minCost);
    await paid.pay(minCost + 3);
    expect([consumed.splice(0), paid.cost]).toEqual([[minCost, 3], minCost + 3]);
    const raised = charge();
    raised.raiseMinimum(minCost + 5);
    raised.raiseMinimum(1);
    await raised.pay(2);
    await raised.pay(minCost + 6);
    expect([consumed, raised.cost]).toEqual([[minCost + 5, 1], minCost + 6]);
  },
);
