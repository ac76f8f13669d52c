import type { PlanRates } from '../config/rate-variables.ts';
import { type BucketDecision, type BucketRequest, bucketName, consumeFrom } from '../store/bucket.ts';
import type { FairShares } from './fair-shares.ts';
import { bucketRequest, type RateRule, type RateState, stateAfter } from './rate-rule.ts';
import { API_RATES, type RatedApi } from './rates.ts';

/** Rate limits of each organization for each API, set by the organization's plan. */
export interface RateLimits {
  /**
   * Consumes a cost from the bucket of the viewer's organization. If too little is left, nothing is consumed.
   *
   * @param now Unix milliseconds.
   */
  consume(api: RatedApi, viewer: RatedViewer, cost: number, now: number): Promise<RateState>;
  /** Returns the state of the bucket of the viewer's organization without consuming. */
  peek(api: RatedApi, viewer: RatedViewer, now: number): Promise<RateState>;
  /** Returns the state of a full bucket with the default limits, for requests whose organization is unknown. */
  untouched(api: RatedApi, now: number): RateState;
}

/** The organization and client whose limits apply. */
export interface RatedViewer {
  readonly organizationId: string;
  readonly clientId: string;
  readonly plan: { readonly rates: PlanRates };
}

export interface RateLimitsParts {
  /** Consumes from a bucket, in memory or in the store. */
  consume(name: string, request: BucketRequest, now: number): Promise<BucketDecision> | BucketDecision;
  readonly shares: FairShares;
  /** Rates of plans that set none. */
  readonly defaults: PlanRates;
}

export function rateLimits({ consume, shares, defaults }: RateLimitsParts): RateLimits {
  const zeroCostRequest = (rule: RateRule, now: number): BucketRequest => ({
    ...bucketRequest(rule, 0, now),
    isWithinShare: true,
    isStarving: false,
  });
  return {
    async consume(api, { organizationId, clientId, plan }, cost, now) {
      const rule = API_RATES[api].rule(plan.rates);
      const requested = bucketRequest(rule, cost, now);
      const bucket = bucketName(api, organizationId);
      const client = `${bucket}/${clientId}`;
      const request = shares.request(client, requested, now);
      const result = await consume(bucket, request, now);
      shares.recordDecision(client, requested, result.granted, now);
      return stateAfter(rule, request, result, now);
    },
    async peek(api, { organizationId, plan }, now) {
      const rule = API_RATES[api].rule(plan.rates);
      const request = zeroCostRequest(rule, now);
      return stateAfter(rule, request, await consume(bucketName(api, organizationId), request, now), now);
    },
    untouched(api, now) {
      const rule = API_RATES[api].rule(defaults);
      const request = zeroCostRequest(rule, now);
      return stateAfter(rule, request, consumeFrom(undefined, request), now);
    },
  };
}
