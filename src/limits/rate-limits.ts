import type { Viewer } from '../access/viewer.ts';
import { RelaylogError } from '../log/errors.ts';
import { type Draw, type Drawn, drawn } from '../store/bucket.ts';
import type { FairShares } from './fair-shares.ts';
import { asking, type RateRule, type RateState, stateAfter } from './rate-rule.ts';
import { type PlanRates, RATED_FACES, type RatedFaceName } from './rates.ts';

/** How much each organization may ask of each face, by its plan. */
export interface RateLimits {
  /**
   * Draws a cost from what the viewer's organization has left; where that is too little, nothing is drawn.
   *
   * @param now Unix milliseconds.
   */
  draw(face: RatedFaceName, viewer: RatedViewer, cost: number, now: number): Promise<RateState>;
  /** What the viewer's organization has left; nothing is drawn. */
  look(face: RatedFaceName, viewer: RatedViewer, now: number): Promise<RateState>;
  /** What a caller has who has called nothing: for answers to requests without a known organization. */
  untouched(face: RatedFaceName, now: number): RateState;
}

export type RatedViewer = Pick<Viewer, 'organizationId' | 'clientId' | 'plan'>;

export interface RateLimitsParts {
  /** Draws from a bucket, in memory or in the store. */
  draw(name: string, draw: Draw, now: number): Promise<Drawn> | Drawn;
  readonly shares: FairShares;
  /** Of plans that say nothing else. */
  readonly defaults: PlanRates;
}

export function rateLimits({ draw, shares, defaults }: RateLimitsParts): RateLimits {
  const looking = (rule: RateRule, now: number): Draw => ({
    ...asking(rule, 0, now),
    modest: true,
    starving: false,
  });
  return {
    async draw(face, { organizationId, clientId, plan }, cost, now) {
      const rule = RATED_FACES[face].rule(plan.rates);
      const asked = asking(rule, cost, now);
      const bucket = `${face}/${organizationId}`;
      const client = `${bucket}/${clientId}`;
      const request = shares.ask(client, asked, now);
      const result = await draw(bucket, request, now);
      shares.answered(client, asked, result.granted, now);
      return stateAfter(rule, request, result, now);
    },
    async look(face, { organizationId, plan }, now) {
      const rule = RATED_FACES[face].rule(plan.rates);
      const request = looking(rule, now);
      return stateAfter(rule, request, await draw(`${face}/${organizationId}`, request, now), now);
    },
    untouched(face, now) {
      const rule = RATED_FACES[face].rule(defaults);
      const request = looking(rule, now);
      return stateAfter(rule, request, drawn(undefined, request), now);
    },
  };
}

/** Of calls that are counted one by one. @throws RelaylogError RATE_LIMITED */
export function requireAllowed({ allowed, retryAfter }: RateState): void {
  if (allowed) return;
  throw new RelaylogError('RATE_LIMITED', `Rate limit exceeded: try again in ${retryAfter} s.`, {
    retryAfter,
  });
}
