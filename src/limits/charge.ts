import { RelaylogError } from '../log/errors.ts';
import type { RatedViewer, RateLimits } from './rate-limits.ts';
import type { RateState } from './rate-rule.ts';
import { API_RATES, type RatedApi } from './rates.ts';

/** Charges the cost of one request against the rate limit of its organization. */
export class Charge {
  readonly #limits: RateLimits;
  readonly #api: RatedApi;
  readonly #viewer: RatedViewer;
  readonly #now: () => number;
  #least: number;
  #cost = 0;
  #state: RateState | null = null;
  #refusal: RelaylogError | null = null;
  #paying: Promise<void> | null = null;

  /** @param now returns the time in Unix milliseconds; called at each charge, because reading a request can take long. */
  constructor(limits: RateLimits, api: RatedApi, viewer: RatedViewer, now: () => number) {
    this.#limits = limits;
    this.#api = api;
    this.#viewer = viewer;
    this.#now = now;
    this.#least = API_RATES[api].minCost;
  }

  /** Cost charged so far. */
  get cost(): number {
    return this.#cost;
  }

  /** State of the rate limit after the last charge; null before the first. */
  get state(): RateState | null {
    return this.#state;
  }

  /** Raises what the request costs at least. It is charged with the next payment. */
  raiseMinimum(cost: number): void {
    this.#least = Math.max(this.#least, cost);
  }

  /**
   * Charges a request up to this cost, and at least up to its minimum, before the work is done. Earlier charges of
   * the request are credited: a request is charged for being read, then for the rest of the cost of its operation. An operation
   * that is executed again is charged once, and a refusal is repeated unchanged.
   *
   * @throws RelaylogError RATE_LIMITED if the cost exceeds what is left; the error states the cost, the remaining amount and
   * when to retry.
   */
  async pay(cost: number): Promise<void> {
    // The parts of an operation that pay at the same time would each be charged for what another one pays.
    while (this.#paying !== null) await this.#paying;
    const paying = this.#pay(cost);
    const paid = () => {
      this.#paying = null;
    };
    this.#paying = paying.then(paid, paid);
    return paying;
  }

  async #pay(cost: number): Promise<void> {
    const due = Math.max(this.#least, cost) - this.#cost;
    if (due <= 0) return;
    if (this.#refusal !== null) throw this.#refusal;
    const state = await this.#limits.consume(this.#api, this.#viewer, due, this.#now());
    this.#state = state;
    if (!state.allowed) {
      this.#refusal =
        API_RATES[this.#api].counts === 'requests'
          ? tooMany(state)
          : tooMuch(this.#cost + due, this.#cost, state);
      throw this.#refusal;
    }
    this.#cost += due;
  }

  /** Returns the rate-limit state of an API; for the API of this request, the state after the last charge. */
  async rateState(api: RatedApi): Promise<RateState> {
    if (api === this.#api && this.#state !== null) return this.#state;
    return this.#limits.peek(api, this.#viewer, this.#now());
  }

  /** Charges the minimum cost if nothing was charged yet. @throws RelaylogError RATE_LIMITED */
  async payIfUnpaid(): Promise<void> {
    if (this.#state === null) await this.pay(0);
  }
}

function tooMany({ retryAfter }: RateState): RelaylogError {
  return new RelaylogError('RATE_LIMITED', `Rate limit exceeded: try again in ${retryAfter} s.`, {
    retryAfter,
  });
}

/** @param paid part of the cost that was charged; the client pays it again when it retries. */
function tooMuch(cost: number, paid: number, state: RateState): RelaylogError {
  const { limit, remaining, resetAt } = state;
  const retryAfter = state.retryAfter + Math.ceil((paid / limit) * state.windowSeconds);
  return new RelaylogError(
    'RATE_LIMITED',
    `Rate limit exceeded: the query costs ${cost}, and ${remaining} of ${limit} are left. Try again in ${retryAfter} s.`,
    {
      retryAfter,
      rateLimit: { cost, limit, remaining, resetAt: new Date(resetAt).toISOString(), retryAfter },
    },
  );
}
