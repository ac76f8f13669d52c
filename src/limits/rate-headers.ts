import type { RateState } from './rate-rule.ts';
import type { RatedApi } from './rates.ts';

/**
 * Headers that tell where a caller stands (draft-ietf-httpapi-ratelimit-headers-10): the quota `q`, the seconds `w` in
 * which it comes back, what remains of it `r`, and the seconds `t` until all of it is there again.
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
