import { MINUTE_MS } from '../lib/time-units.ts';
import { type BucketDecision, type BucketRequest, usable } from '../store/bucket.ts';
import type { Consumption } from './fair-shares.ts';

/** Where a caller stands after a call. */
export interface RateState {
  readonly allowed: boolean;
  readonly limit: number;
  /** Seconds in which the whole limit comes back. */
  readonly windowSeconds: number;
  readonly remaining: number;
  /** Unix milliseconds at which the whole limit is there again. */
  readonly resetAt: number;
  /** Whole seconds until the same call is allowed again; 0 if it is allowed now. */
  readonly retryAfter: number;
}

/** How a limit comes back: `bucket` evenly, `window` at once with the next window of the clock. */
export interface RateRule {
  readonly kind: 'bucket' | 'window';
  readonly capacity: number;
  /** Milliseconds in which the whole limit comes back. */
  readonly fillMs: number;
}

/** A token bucket of `burst` that refills by `perSecond`. */
export function tokenBucket(perSecond: number, burst: number): RateRule {
  return { kind: 'bucket', capacity: burst, fillMs: (burst / perSecond) * 1000 };
}

/** At most `limit` in each minute of the clock. */
export function perMinute(limit: number): RateRule {
  return { kind: 'window', capacity: limit, fillMs: MINUTE_MS };
}

/** A request to the rule's bucket. @param now Unix milliseconds. */
export function bucketRequest({ kind, capacity, fillMs }: RateRule, cost: number, now: number): Consumption {
  return { capacity, fillMs, cost, now: kind === 'bucket' ? now : Math.floor(now / fillMs) * fillMs };
}

/** What a decision means for the client. @param now Unix milliseconds; that of the request may be the start of its window. */
export function stateAfter(
  { kind }: RateRule,
  consume: BucketRequest,
  { granted, state }: BucketDecision,
  now: number,
): RateState {
  const { capacity, fillMs, cost } = consume;
  const allowance = usable(state, consume);
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
