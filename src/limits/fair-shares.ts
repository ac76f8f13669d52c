import { ExpiringMap } from '../lib/expiring-map.ts';
import { type BucketRequest, type BucketState, consumeFrom, RESERVED_FILLS } from '../store/bucket.ts';

/** The share of its organization's limit within which a client is modest. */
const SHARE = 0.5;
/** Clients that are told apart at most. */
const MAX_CLIENTS = 100_000;

interface Client {
  /** What it asked for, under its share of the limit. */
  readonly requested: BucketState;
  /** Of the first refusal since it last got something; null: it got what it last asked for. */
  readonly refusedSince: number | null;
}

/** A draw before it is known who asks. */
export type Consumption = Omit<BucketRequest, 'isWithinShare' | 'isStarving'>;

/**
 * Keeps one client of an organization from living off what the others wait for. The organization's limit is for all its
 * clients, and the first who comes is served; but where one who asks for no more than its share gets nothing for as long
 * as the whole limit takes to come back, it is starving, and a part of the limit is then reserved for the modest.
 */
export class FairShares {
  readonly #clients: ExpiringMap<Client>;

  constructor(max = MAX_CLIENTS) {
    this.#clients = new ExpiringMap(max);
  }

  get size(): number {
    return this.#clients.size;
  }

  /**
   * Counts what a client asks for, and says how it stands.
   *
   * @param client a name that no client of another bucket has.
   * @param now Unix milliseconds; `asked.now` may be the start of a window.
   */
  ask(client: string, requested: Consumption, now: number): BucketRequest {
    const known = this.#clients.get(client);
    const capacity = requested.capacity * SHARE;
    const share = consumeFrom(known?.requested, {
      ...requested,
      capacity,
      isWithinShare: true,
      isStarving: false,
    });
    const refusedSince = known?.refusedSince ?? null;
    const waited = refusedSince === null ? 0 : now - refusedSince;
    this.#keep(client, { requested: share.state, refusedSince }, requested, now);
    return {
      ...requested,
      isWithinShare: share.granted,
      isStarving: share.granted && waited >= requested.fillMs,
    };
  }

  /** Notes whether it got what it asked for. */
  answered(client: string, requested: Consumption, granted: boolean, now: number): void {
    const known = this.#clients.get(client);
    if (known === undefined || (granted && known.refusedSince === null)) return;
    const refusedSince = granted ? null : (known.refusedSince ?? now);
    this.#keep(client, { ...known, refusedSince }, requested, now);
  }

  #keep(name: string, client: Client, { fillMs }: Consumption, now: number): void {
    this.#clients.set(name, client, now + RESERVED_FILLS * fillMs, now);
  }
}
