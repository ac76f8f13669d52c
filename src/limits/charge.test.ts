import { expect, it } from 'vitest';
import { Charge } from './charge.ts';
import type { RatedViewer, RateLimits } from './rate-limits.ts';

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
