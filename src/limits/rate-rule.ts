import { MINUTE_MS } from '../lib/time-units.ts';
import { type BucketDecision, type BucketRequest, usable } from '../store/bucket.ts';
import type { Consumption } from './fair-shares.ts';

/** State of a rate limit after a request. */
export interface RateState {
  readonly allowed: boolean;
  readonly limit: number;
  /** Seconds in which the limit refills completely. */
  readonly windowSeconds: number;
  readonly remaining: number;
  /** When the limit is fully refilled, in Unix milliseconds. */
  readonly resetAt: number;
  /** Whole seconds until the same request would be allowed; 0 if it was allowed. */
  readonly retryAfter: number;
}

/** How a limit refills: `bucket` continuously, `window` completely at the start of each fixed window. */
export interface RateRule {
  readonly kind: 'bucket' | 'window';
  readonly capacity: number;
  /** Milliseconds in which the limit refills completely. */
  readonly fillMs: number;
}

/** Creates the rule of a token bucket with capacity `burst` that refills at `perSecond`. */
export function tokenBucket(perSecond: number, burst: number): RateRule {
  return { kind: 'bucket', capacity: burst, fillMs: (burst / perSecond) * 1000 };
}

/** Creates the rule of a limit per calendar minute. */
export function perMinute(limit: number): RateRule {
  return { kind: 'window', capacity: limit, fillMs: MINUTE_MS };
}

/** Creates a request to a bucket of the rule. @param now Unix milliseconds. */
export function bucketRequest({ kind, capacity, fillMs }: RateRule, cost: number, now: number): Consumption {
  return { capacity, fillMs, cost, now: kind === 'bucket' ? now : Math.floor(now / fillMs) * fillMs };
}

/**
 * Computes the state of the limit from a decision.
 *
 * @param now Unix milliseconds; `request.now` can be the start of the window instead.
 */
export function stateAfter(
  { kind }: RateRule,
  request: BucketRequest,
  { granted, state }: BucketDecision,
  now: number,
): RateState {
  const { capacity, fillMs, cost } = request;
  const allowance = usable(state, request);
  const fillTime = (amount: number) => (amount / capacity) * fillMs;
  const windowEnd = state.at + fillMs;
  const resetAt = kind === 'bucket' ? state.at + fillTime(state.used) : windowEnd;
  const againAt = kind === 'bucket' ? state.at + fillTime(state.used + cost - allowance) : windowEnd;
  return {
    allowed: granted,
    limit: capacity,
    windowSeconds: Math.ceil(fillMs / 1000),
    remaining: Math.max(0, Math.floor(allowance - state.used)),
    resetAt: Math.max(now, resetAt),
    retryAfter: granted ? 0 : Math.max(1, Math.ceil((againAt - now) / 1000)),
  };
}
