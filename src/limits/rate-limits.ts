import type { PlanRates } from '../config/rate-variables.ts';
import { type BucketDecision, type BucketRequest, consumeFrom } from '../store/bucket.ts';
import type { FairShares } from './fair-shares.ts';
import { bucketRequest, type RateRule, type RateState, stateAfter } from './rate-rule.ts';
import { API_RATES, type RatedApi } from './rates.ts';

/** How much each organization may ask of each API, by its plan. */
export interface RateLimits {
  /**
   * Consumes a cost from what the viewer's organization has left; if that is too little, nothing is consumed.
   *
   * @param now Unix milliseconds.
   */
  consume(api: RatedApi, viewer: RatedViewer, cost: number, now: number): Promise<RateState>;
  /** What the viewer's organization has left; nothing is consumed. */
  look(api: RatedApi, viewer: RatedViewer, now: number): Promise<RateState>;
  /** What a caller has who has called nothing: for answers to requests without a known organization. */
  untouched(api: RatedApi, now: number): RateState;
}

/** Who pays: an organization, by one of its clients. */
export interface RatedViewer {
  readonly organizationId: string;
  readonly clientId: string;
  readonly plan: { readonly rates: PlanRates };
}

export interface RateLimitsParts {
  /** Consumes from a bucket, in memory or in the store. */
  consume(name: string, consume: BucketRequest, now: number): Promise<BucketDecision> | BucketDecision;
  readonly shares: FairShares;
  /** Of plans that say nothing else. */
  readonly defaults: PlanRates;
}

export function rateLimits({ consume, shares, defaults }: RateLimitsParts): RateLimits {
  const looking = (rule: RateRule, now: number): BucketRequest => ({
    ...bucketRequest(rule, 0, now),
    isWithinShare: true,
    isStarving: false,
  });
  return {
    async consume(api, { organizationId, clientId, plan }, cost, now) {
      const rule = API_RATES[api].rule(plan.rates);
      const requested = bucketRequest(rule, cost, now);
      const bucket = `${api}/${organizationId}`;
      const client = `${bucket}/${clientId}`;
      const request = shares.ask(client, requested, now);
      const result = await consume(bucket, request, now);
      shares.answered(client, requested, result.granted, now);
      return stateAfter(rule, request, result, now);
    },
    async look(api, { organizationId, plan }, now) {
      const rule = API_RATES[api].rule(plan.rates);
      const request = looking(rule, now);
      return stateAfter(rule, request, await consume(`${api}/${organizationId}`, request, now), now);
    },
    untouched(api, now) {
      const rule = API_RATES[api].rule(defaults);
      const request = looking(rule, now);
      return stateAfter(rule, request, consumeFrom(undefined, request), now);
    },
  };
}
