import type { RateState } from '../limits/rate-rule.ts';
import { API_RATES, type RatedApi } from '../limits/rates.ts';
import { builder } from './builder.ts';
import type { Context } from './context.ts';
import { once } from './query-cost.ts';

const API_NAMES = Object.keys(API_RATES) as RatedApi[];

/** One API's limit for the organization, and what is left of it. */
interface ApiRateLimit extends RateState {
  readonly api: RatedApi;
}

const RateLimitApiEnum = builder.enumType('RateLimitApi', {
  description: 'Where calls are counted.',
  values: Object.fromEntries(
    API_NAMES.map((api) => [
      api.toUpperCase(),
      { value: api, description: `Counted by ${API_RATES[api].counts}.` },
    ]),
  ) as Record<string, { value: RatedApi; description: string }>,
});

export const RateLimitRef = builder.objectRef<ApiRateLimit>('RateLimit').implement({
  description:
    "How much the caller's organization may ask of an API, all its keys together, and what is left.",
  fields: (t) => ({
    api: t.expose('api', { type: RateLimitApiEnum, description: 'The API.' }),
    counts: t.string({
      description: 'What is counted.',
      resolve: ({ api }) => API_RATES[api].counts,
    }),
    limit: t.exposeInt('limit', { description: 'Most at once.' }),
    windowSeconds: t.exposeInt('windowSeconds', {
      description: 'Seconds in which the whole limit comes back: evenly, of Signa with each minute.',
    }),
    remaining: t.exposeInt('remaining', { description: 'What is left; of GraphQL, after this query.' }),
    resetAt: t.field({
      type: 'DateTime',
      description: 'When the whole limit is there again.',
      resolve: ({ resetAt }) => Math.ceil(resetAt),
    }),
  }),
});

/** What looking at the limits of every API costs: it may ask the store for each. */
export const RATE_LIMITS_COST = once(API_NAMES.length);

/** Where the caller's organization stands, at each API. */
export function rateLimitsOfApis({ charge }: Context): Promise<ApiRateLimit[]> {
  return Promise.all(API_NAMES.map(async (api) => ({ api, ...(await charge.left(api)) })));
}
