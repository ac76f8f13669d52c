import type { RatedViewer, RateLimits } from '../access/rate-limits.ts';
import type { RateState } from '../access/rate-rule.ts';
import { RelaylogError } from '../log/errors.ts';

/** What a request costs that never became an operation, and an operation at least. */
const LEAST_COST = 1;

/** What one request pays, from what its organization may ask of GraphQL. */
export class Charge {
  readonly #draw: (cost: number) => Promise<RateState>;
  #cost = 0;
  #state: RateState | null = null;

  /** @param now Unix milliseconds. */
  constructor(limits: RateLimits, viewer: RatedViewer, now: number) {
    this.#draw = (cost) => limits.draw('graphql', viewer, cost, now);
  }

  /** What was paid so far. */
  get cost(): number {
    return this.#cost;
  }

  /** Where the organization stood after the last payment; null: nothing was to be paid yet. */
  get state(): RateState | null {
    return this.#state;
  }

  /**
   * Pays for an operation, once its cost is known and before any of it is done.
   *
   * @throws RelaylogError RATE_LIMITED that states the cost, what is left, and when there is enough again.
   */
  async pay(cost: number): Promise<void> {
    const due = Math.max(LEAST_COST, cost);
    const state = await this.#draw(due);
    this.#state = state;
    if (!state.allowed) throw tooMuch(due, state);
    this.#cost += due;
  }

  /** Pays for a request that ends without an operation. @throws RelaylogError RATE_LIMITED */
  async payIfUnpaid(): Promise<void> {
    if (this.#state === null) await this.pay(LEAST_COST);
  }
}

function tooMuch(cost: number, { limit, remaining, resetAt, retryAfter }: RateState): RelaylogError {
  return new RelaylogError(
    'RATE_LIMITED',
    `Rate limit exceeded: the query costs ${cost}, and ${remaining} of ${limit} are left. Try again in ${retryAfter} s.`,
    {
      retryAfter,
      rateLimit: { cost, limit, remaining, resetAt: new Date(resetAt).toISOString(), retryAfter },
    },
  );
}
