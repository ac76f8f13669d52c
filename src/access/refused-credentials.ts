import { isIPv6 } from 'node:net';
import { ExpiringMap } from '../lib/expiring-map.ts';
import { MemoryBuckets } from '../limits/memory-buckets.ts';
import { asking, stateAfter, tokenBucket } from '../limits/rate-rule.ts';
import { RelaylogError } from '../log/errors.ts';
import { hashKey } from './api-key.ts';
import type { Authenticator } from './authenticator.ts';

const MAX_ADDRESSES = 10_000;
const MAX_ACCEPTED = 100_000;
/** For how long a credential that was accepted is let through where its address is shut. */
const ACCEPTED_MS = 3_600_000;
/** How often it is noted of one. */
const NOTED_MS = 60_000;
/** Refused credentials at once, as a multiple of those a second. */
const BURST = 10;

export interface RefusalLimit {
  /** Refused credentials a second that one address may send. */
  readonly perSecond: number;
  /** Where the request in flight comes from; null: not known, and not limited. */
  address(): string | null;
}

/**
 * The same authenticator, which lets no address try credentials without end: past its limit, they are refused without
 * being looked up, but for those that were accepted lately. No organization is charged for a refused credential. What is
 * kept in mind is bounded, whatever is sent.
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

  /** @throws RelaylogError RATE_LIMITED where the address sent too many that were refused; UNAUTHENTICATED. */
  async viewerOf(credential: string, now: number) {
    const address = networkOf(this.#limit.address());
    // Nobody sent a refused one lately: the usual case, which costs nothing.
    const watched = address !== null && this.#refused.has(address);
    if (watched) this.#requireRoom(address, credential, now);
    try {
      const viewer = await this.#inner.viewerOf(credential, now);
      this.#accepted.note(credential, now);
      return viewer;
    } catch (error) {
      if (address !== null && error instanceof RelaylogError && error.code === 'UNAUTHENTICATED')
        this.#refused.consume(address, this.#consume(now));
      throw error;
    }
  }

  #requireRoom(address: string, credential: string, now: number): void {
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
    return { ...asking(this.#rule, 1, now), isWithinShare: true, isStarving: false };
  }
}

/** Those that were accepted lately, as hashes. */
class AcceptedCredentials {
  /** When each was noted last. */
  readonly #at = new ExpiringMap<number>(MAX_ACCEPTED);

  note(credential: string, now: number): void {
    const key = hashKey(credential);
    const noted = this.#at.get(key);
    if (noted !== undefined && now - noted < NOTED_MS) return;
    this.#at.set(key, now, now + ACCEPTED_MS, now);
  }

  knows(credential: string, now: number): boolean {
    const noted = this.#at.get(hashKey(credential));
    return noted !== undefined && now - noted < ACCEPTED_MS;
  }
}

/** What one client has of the internet: an address of IPv4, or the half of IPv6 that its provider gave it. */
function networkOf(address: string | null): string | null {
  if (address === null || !isIPv6(address) || address.includes('.')) return address;
  const groups = address.split('::')[0]!.split(':');
  return [...groups, '0', '0', '0', '0'].slice(0, 4).join(':');
}
