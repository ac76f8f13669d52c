import { isIPv6 } from 'node:net';
import { ExpiringMap } from '../lib/expiring-map.ts';
import { MemoryBuckets } from '../limits/memory-buckets.ts';
import { bucketRequest, stateAfter, tokenBucket } from '../limits/rate-rule.ts';
import { RelaylogError } from '../log/errors.ts';
import { hashKey } from './api-key.ts';
import type { Authenticator } from './authenticator.ts';

const MAX_ADDRESSES = 10_000;
const MAX_ACCEPTED = 100_000;
/** How long a credential that was accepted is still looked up if its address is over its limit. */
const ACCEPTED_MS = 3_600_000;
/** How often that is recorded for one credential. */
const RECORD_MS = 60_000;
/** Refused credentials at once, as a multiple of those a second. */
const BURST = 10;

export interface RefusalLimit {
  /** Refused credentials a second that one address may send. */
  readonly perSecond: number;
  /** Where the request in flight comes from; null: not known, and not limited. */
  address(): string | null;
}

/**
 * The same authenticator, which limits how many wrong credentials an address may send: past the limit they are refused
 * without being looked up, except for those that were accepted lately. No organization is charged for a refused
 * credential. Memory is bounded, whatever is sent.
 */
export class GuardedAuthenticator implements Authenticator {
  readonly #inner: Authenticator;
  readonly #limit: RefusalLimit;
  readonly #refused = new MemoryBuckets(MAX_ADDRESSES);
  readonly #accepted = new AcceptedCredentials();

  constructor(inner: Authenticator, limit: RefusalLimit) {
    this.#inner = inner;
    this.#limit = limit;
  }

  /** Addresses that sent credentials which were refused, lately. */
  get size(): number {
    return this.#refused.size;
  }

  /** @throws RelaylogError RATE_LIMITED if the address sent too many that were refused; UNAUTHENTICATED. */
  async viewerOf(credential: string, now: number) {
    const address = networkOf(this.#limit.address());
    // Usually no refused credential came from the address lately, and there is nothing to look up.
    const watched = address !== null && this.#refused.has(address);
    if (watched) this.#requireBelowLimit(address, credential, now);
    try {
      const viewer = await this.#inner.viewerOf(credential, now);
      this.#accepted.record(credential, now);
      return viewer;
    } catch (error) {
      if (address !== null && error instanceof RelaylogError && error.code === 'UNAUTHENTICATED')
        this.#refused.consume(address, this.#consume(now));
      throw error;
    }
  }

  #requireBelowLimit(address: string, credential: string, now: number): void {
    const consume = this.#consume(now);
    const found = this.#refused.look(address, consume);
    if (found.granted || this.#accepted.knows(credential, now)) return;
    const { retryAfter } = stateAfter(this.#rule, consume, found, now);
    throw new RelaylogError(
      'RATE_LIMITED',
      `Too many unknown keys from this address: try again in ${retryAfter} s.`,
      { retryAfter },
    );
  }

  get #rule() {
    const { perSecond } = this.#limit;
    return tokenBucket(perSecond, perSecond * BURST);
  }

  #consume(now: number) {
    return { ...bucketRequest(this.#rule, 1, now), isWithinShare: true, isStarving: false };
  }
}

/** Those that were accepted lately, as hashes. */
class AcceptedCredentials {
  /** When each was recorded last. */
  readonly #at = new ExpiringMap<number>(MAX_ACCEPTED);

  record(credential: string, now: number): void {
    const key = hashKey(credential);
    const recordedAt = this.#at.get(key);
    if (recordedAt !== undefined && now - recordedAt < RECORD_MS) return;
    this.#at.set(key, now, now + ACCEPTED_MS, now);
  }

  knows(credential: string, now: number): boolean {
    const recordedAt = this.#at.get(hashKey(credential));
    return recordedAt !== undefined && now - recordedAt < ACCEPTED_MS;
  }
}

/** What one client has of the internet: an address of IPv4, or the half of IPv6 that its provider gave it. */
function networkOf(address: string | null): string | null {
  if (address === null || !isIPv6(address) || address.includes('.')) return address;
  const groups = address.split('::')[0]!.split(':');
  return [...groups, '0', '0', '0', '0'].slice(0, 4).join(':');
}
