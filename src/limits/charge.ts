import { RelaylogError } from '../log/errors.ts';
import type { RatedViewer, RateLimits } from './rate-limits.ts';
import type { RateState } from './rate-rule.ts';
import { API_RATES, type RatedApi } from './rates.ts';

/** What a request costs that never became an operation, and an operation at least. */
const LEAST_COST = 1;

/** What one request pays, from what its organization may ask of an API. */
export class Charge {
  readonly #limits: RateLimits;
  readonly #api: RatedApi;
  readonly #viewer: RatedViewer;
  readonly #now: () => number;
  #cost = 0;
  #state: RateState | null = null;
  #refusal: RelaylogError | null = null;

  /** @param now Unix milliseconds; asked at each payment, as a request may take long to be read. */
  constructor(limits: RateLimits, api: RatedApi, viewer: RatedViewer, now: () => number) {
    this.#limits = limits;
    this.#api = api;
    this.#viewer = viewer;
    this.#now = now;
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
   * Pays for an operation, once its cost is known and before any of it is done. What the request paid before counts:
   * an operation that is begun a second time is paid once, and refused as it was.
   *
   * @throws RelaylogError RATE_LIMITED that states the cost, what is left, and when there is enough again.
   */
  async pay(cost: number): Promise<void> {
    const due = Math.max(LEAST_COST, cost) - this.#cost;
    if (due <= 0) return;
    if (this.#refusal !== null) throw this.#refusal;
    const state = await this.#limits.consume(this.#api, this.#viewer, due, this.#now());
    this.#state = state;
    if (!state.allowed) {
      this.#refusal = API_RATES[this.#api].counts === 'requests' ? tooMany(state) : tooMuch(due, state);
      throw this.#refusal;
    }
    this.#cost += due;
  }

  /** What the organization has left at an API; of the API that it pays for, after the last payment. */
  async left(api: RatedApi): Promise<RateState> {
    if (api === this.#api && this.#state !== null) return this.#state;
    return this.#limits.look(api, this.#viewer, this.#now());
  }

  /** Pays for a request that ends without an operation. @throws RelaylogError RATE_LIMITED */
  async payIfUnpaid(): Promise<void> {
    if (this.#state === null) await this.pay(LEAST_COST);
  }
}

function tooMany({ retryAfter }: RateState): RelaylogError {
  return new RelaylogError('RATE_LIMITED', `Rate limit exceeded: try again in ${retryAfter} s.`, {
    retryAfter,
  });
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
