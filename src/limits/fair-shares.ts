import { ExpiringMap } from '../lib/expiring-map.ts';
import { type BucketRequest, type BucketState, consumeFrom, RESERVED_FILLS } from '../store/bucket.ts';

/** Share of its organization's limit that a client may use even while the reserve is in effect. */
const SHARE = 0.5;
/** Maximum number of clients tracked in memory. */
const MAX_CLIENTS = 100_000;

interface Client {
  /** Bucket of the client's share, from which all its requests consume. */
  readonly requested: BucketState;
  /** When the first request after the last granted one was refused, in Unix milliseconds; null if the last was granted. */
  readonly refusedSince: number | null;
}

/** A request to a bucket, without the state of its client. */
export type Consumption = Omit<BucketRequest, 'isWithinShare' | 'isStarving'>;

/**
 * Keeps one client from starving the other clients of its organization. All clients share the organization's limit, first
 * come, first served. A client is starving if it is within its share but no request of it was granted for one full refill
 * period. From then on, part of the limit is reserved for clients within their share.
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
   * Counts a request of a client, and returns it with the state of the client.
   *
   * @param client name of the client, unique over all buckets.
   * @param now Unix milliseconds; `requested.now` can be the start of a window.
   */
  request(client: string, requested: Consumption, now: number): BucketRequest {
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
  recordDecision(client: string, requested: Consumption, granted: boolean, now: number): void {
    const known = this.#clients.get(client);
    if (known === undefined || (granted && known.refusedSince === null)) return;
    const refusedSince = granted ? null : (known.refusedSince ?? now);
    this.#keep(client, { ...known, refusedSince }, requested, now);
  }

  #keep(name: string, client: Client, { fillMs }: Consumption, now: number): void {
    this.#clients.set(name, client, now + RESERVED_FILLS * fillMs, now);
  }
}
