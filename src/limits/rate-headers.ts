import type { RateState } from './rate-rule.ts';
import type { RatedApi } from './rates.ts';

/**
 * Returns the rate-limit headers of a response (draft-ietf-httpapi-ratelimit-headers-10): the quota `q`, the window `w` in
 * seconds, the remaining quota `r`, and the seconds `t` until the quota is fully refilled.
 *
 * @param now Unix milliseconds.
 */
export function rateHeaders(api: RatedApi, rate: RateState, now: number): Record<string, string> {
  const reset = Math.ceil((rate.resetAt - now) / 1000);
  return {
    'ratelimit-policy': `"${api}";q=${rate.limit};w=${rate.windowSeconds}`,
    ratelimit: `"${api}";r=${rate.remaining};t=${reset}`,
  };
}
