import { isIPv6 } from 'node:net';
import { ExpiringMap } from '../lib/expiring-map.ts';
import { MemoryBuckets } from '../limits/memory-buckets.ts';
import { bucketRequest, stateAfter, tokenBucket } from '../limits/rate-rule.ts';
import { RelaylogError } from '../log/errors.ts';
import { hashKey } from './api-key.ts';
import type { Authenticator } from './authenticator.ts';

const MAX_ADDRESSES = 10_000;
const MAX_ACCEPTED = 100_000;
/** How long an accepted credential is exempt from the limit of its address, in milliseconds. */
const ACCEPTED_MS = 3_600_000;
/** Minimum time between two records of the same accepted credential, in milliseconds. */
const RECORD_INTERVAL_MS = 60_000;
/** Burst of rejected credentials, in seconds of the sustained rate. */
const BURST_SECONDS = 10;

export interface RejectionLimit {
  /** Rejected credentials per second and address. */
  readonly perSecond: number;
  /** Address of the client of the current request; null if unknown, in which case no limit applies. */
  address(): string | null;
}

/**
 * Wraps an authenticator and limits how many wrong credentials an address can send. Above the limit, credentials from that
 * address are rejected without a lookup, except those that were accepted within the last hour. Rejected credentials count
 * against no organization's rate limit. Memory use is bounded.
 */
export class ThrottledAuthenticator implements Authenticator {
  readonly #inner: Authenticator;
  readonly #limit: RejectionLimit;
  readonly #rejected = new MemoryBuckets(MAX_ADDRESSES);
  readonly #accepted = new AcceptedCredentials();

  constructor(inner: Authenticator, limit: RejectionLimit) {
    this.#inner = inner;
    this.#limit = limit;
  }

  /** Number of addresses that recently sent rejected credentials. */
  get size(): number {
    return this.#rejected.size;
  }

  /**
   * @throws RelaylogError RATE_LIMITED if the address has sent too many rejected credentials; otherwise as the wrapped
   * authenticator.
   */
  async viewerOf(credential: string, now: number) {
    const address = networkOf(this.#limit.address());
    // Most addresses have no recently rejected credentials, so there is no limit to check.
    if (address !== null && this.#rejected.has(address)) this.#requireBelowLimit(address, credential, now);
    try {
      const viewer = await this.#inner.viewerOf(credential, now);
      this.#accepted.record(credential, now);
      return viewer;
    } catch (error) {
      if (address !== null && error instanceof RelaylogError && error.code === 'UNAUTHENTICATED')
        this.#rejected.consume(address, this.#request(now));
      throw error;
    }
  }

  #requireBelowLimit(address: string, credential: string, now: number): void {
    const request = this.#request(now);
    const decision = this.#rejected.peek(address, request);
    if (decision.granted || this.#accepted.has(credential, now)) return;
    const { retryAfter } = stateAfter(this.#rule, request, decision, now);
    throw new RelaylogError(
      'RATE_LIMITED',
      `Too many rejected credentials from this address: try again in ${retryAfter} s.`,
      { retryAfter },
    );
  }

  get #rule() {
    const { perSecond } = this.#limit;
    return tokenBucket(perSecond, perSecond * BURST_SECONDS);
  }

  #request(now: number) {
    return { ...bucketRequest(this.#rule, 1, now), isWithinShare: true, isStarving: false };
  }
}

/** Hashes of the credentials that were accepted recently. */
class AcceptedCredentials {
  /** When each was last recorded, in Unix milliseconds. */
  readonly #recordedAt = new ExpiringMap<number>(MAX_ACCEPTED);

  record(credential: string, now: number): void {
    const key = hashKey(credential);
    const recordedAt = this.#recordedAt.get(key);
    if (recordedAt !== undefined && now - recordedAt < RECORD_INTERVAL_MS) return;
    this.#recordedAt.set(key, now, now + ACCEPTED_MS, now);
  }

  has(credential: string, now: number): boolean {
    const recordedAt = this.#recordedAt.get(hashKey(credential));
    return recordedAt !== undefined && now - recordedAt < ACCEPTED_MS;
  }
}

/** Returns the part of an address that identifies a client: the whole IPv4 address, or the /64 prefix of an IPv6 address. */
function networkOf(address: string | null): string | null {
  if (address === null || !isIPv6(address) || address.includes('.')) return address;
  const groups = address.split('::')[0]!.split(':');
  return [...groups, '0', '0', '0', '0'].slice(0, 4).join(':');
}
