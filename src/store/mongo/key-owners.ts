import { setTimeout } from 'node:timers/promises';
import { CountedCache } from '../../lib/counted-cache.ts';
import type { KeyOwner } from '../store.ts';

/** How long a cached owner is valid, in milliseconds. */
const TTL_MS = 1_000;
/** A margin for timers that fire early and clocks that run at different speeds. */
const MARGIN_MS = 20;

/** The maximum number of cached keys. */
const MAX_KEYS = 10_000;

/**
 * Caches key owners for one second, by the hash of the key, which saves one or two round trips per request. After a change,
 * wait for `keyOwnersSettled`: the change then applies in every process.
 */
export class KeyOwners {
  readonly cache = new CountedCache<{ owner: KeyOwner; readAt: number }>({ max: MAX_KEYS });

  async find(hash: string, read: () => Promise<KeyOwner | null>): Promise<KeyOwner | null> {
    // Take the time before the read, so changes during the read are covered by the wait too.
    const readAt = performance.now();
    const known = this.cache.get(hash, (one) => readAt - one.readAt < TTL_MS);
    if (known !== undefined) return known.owner;
    const owner = await read();
    if (owner === null) this.cache.delete(hash);
    else this.cache.set(hash, { owner, readAt });
    return owner;
  }
}

/** Resolves when no process has an owner in its cache that was read before the call. */
export async function keyOwnersSettled(): Promise<void> {
  await setTimeout(TTL_MS + MARGIN_MS);
}
