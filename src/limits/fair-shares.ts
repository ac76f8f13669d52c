import { ExpiringMap } from '../lib/expiring-map.ts';
import { type BucketRequest, type BucketState, consumeFrom, RESERVED_FILLS } from '../store/bucket.ts';

/** The part of its organization's limit that a client may use even while the reserve is kept. */
const SHARE = 0.5;
/** Clients that are counted at most. */
const MAX_CLIENTS = 100_000;

interface Client {
  /** What it requested, counted against its share of the limit. */
  readonly requested: BucketState;
  /** Of the first refusal since it last got something; null: its last request was granted. */
  readonly refusedSince: number | null;
}

/** A request to a bucket, before it is known how its client stands. */
export type Consumption = Omit<BucketRequest, 'isWithinShare' | 'isStarving'>;

/**
 * Keeps one client of an organization from using up the limit that the others wait for. The limit belongs to all clients
 * of the organization, first come, first served. A client that stays within its share and gets nothing for as long as the
 * whole limit takes to fill is starving: from then on a part of the limit is reserved for clients within their share.
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
   * Counts a client's request, and says how the client stands.
   *
   * @param client a name that no client of another bucket has.
   * @param now Unix milliseconds; `requested.now` may be the start of a window.
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

  /** Records whether the request was granted. */
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
