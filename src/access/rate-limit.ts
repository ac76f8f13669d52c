/** Where an organization stands after a call. */
export interface RateState {
  readonly allowed: boolean;
  readonly limit: number;
  readonly remaining: number;
  /** Unix milliseconds at which the whole limit is there again. */
  readonly resetAt: number;
  /** Whole seconds until a call is allowed again; 0 where it is allowed now. */
  readonly retryAfter: number;
}

/** A limit that is shared by all keys of an organization. */
export interface RateLimiter {
  /** Counts one call. */
  take(organizationId: string, now: number): RateState;
  /** What a caller has who has called nothing: for answers to requests without a known organization. */
  untouched(now: number): RateState;
}

/** A bucket of `burst` calls that refills by `perSecond`. */
export function tokenBucket({ perSecond, burst }: { perSecond: number; burst: number }): RateLimiter {
  const buckets = new Map<string, { tokens: number; at: number }>();
  return {
    take(organizationId, now) {
      const bucket = buckets.get(organizationId) ?? { tokens: burst, at: now };
      const tokens = Math.min(burst, bucket.tokens + (Math.max(0, now - bucket.at) * perSecond) / 1000);
      const allowed = tokens >= 1;
      const left = allowed ? tokens - 1 : tokens;
      buckets.set(organizationId, { tokens: left, at: now });
      return {
        allowed,
        limit: burst,
        remaining: Math.floor(left),
        resetAt: now + ((burst - left) / perSecond) * 1000,
        retryAfter: allowed ? 0 : Math.max(1, Math.ceil((1 - left) / perSecond)),
      };
    },
    untouched: (now) => ({ allowed: true, limit: burst, remaining: burst, resetAt: now, retryAfter: 0 }),
  };
}

const MINUTE_MS = 60_000;

/** At most `limit` calls in each minute of the clock. */
export function perMinute(limit: number): RateLimiter {
  const windows = new Map<string, { minute: number; used: number }>();
  const state = (used: number, now: number): RateState => {
    const resetAt = (Math.floor(now / MINUTE_MS) + 1) * MINUTE_MS;
    const allowed = used <= limit;
    const retryAfter = allowed ? 0 : Math.ceil((resetAt - now) / 1000);
    return { allowed, limit, remaining: Math.max(0, limit - used), resetAt, retryAfter };
  };
  return {
    take(organizationId, now) {
      const minute = Math.floor(now / MINUTE_MS);
      const window = windows.get(organizationId);
      const used = (window?.minute === minute ? window.used : 0) + 1;
      windows.set(organizationId, { minute, used });
      return state(used, now);
    },
    untouched: (now) => state(0, now),
  };
}
