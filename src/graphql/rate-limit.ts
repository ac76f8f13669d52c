import type { RateState } from '../limits/rate-rule.ts';
import { API_RATES, type RatedApi } from '../limits/rates.ts';
import { builder } from './builder.ts';
import type { Context } from './context.ts';
import { once } from './query-cost.ts';

const API_NAMES = Object.keys(API_RATES) as RatedApi[];

/** The rate limit of one API for the organization and its current state. */
interface ApiRateLimit extends RateState {
  readonly api: RatedApi;
}

const RateLimitApiEnum = builder.enumType('RateLimitApi', {
  description: 'An API with its own rate limit.',
  values: Object.fromEntries(
    API_NAMES.map((api) => [
      api.toUpperCase(),
      { value: api, description: `Limited by ${API_RATES[api].counts}.` },
    ]),
  ) as Record<string, { value: RatedApi; description: string }>,
});

export const RateLimitRef = builder.objectRef<ApiRateLimit>('RateLimit').implement({
  description:
    "Rate limit of an API for the caller's organization, shared by all of its keys, and its current state.",
  fields: (t) => ({
    api: t.expose('api', { type: RateLimitApiEnum, description: 'The API.' }),
    counts: t.string({
      description: 'The unit that is counted.',
      resolve: ({ api }) => API_RATES[api].counts,
    }),
    limit: t.exposeInt('limit', { description: 'Maximum that can be used at once.' }),
    windowSeconds: t.exposeInt('windowSeconds', {
      description:
        'Seconds in which the limit refills completely. It refills continuously, for Signa at the start of each minute.',
    }),
    remaining: t.exposeInt('remaining', {
      description: 'Remaining amount. For GraphQL, the cost of this query is already subtracted.',
    }),
    resetAt: t.field({
      type: 'DateTime',
      description: 'When the limit is fully refilled.',
      resolve: ({ resetAt }) => Math.ceil(resetAt),
    }),
  }),
});

/** Cost of reading the rate limits of all APIs: each may need a store call. */
export const RATE_LIMITS_COST: ReturnType<typeof once> = once(API_NAMES.length);

/** Returns the rate-limit state of the caller's organization for each API. */
export async function rateLimitsOfApis({ charge, cost }: Context): Promise<ApiRateLimit[]> {
  await cost.settled();
  return Promise.all(API_NAMES.map(async (api) => ({ api, ...(await charge.rateState(api)) })));
}
