import { setTimeout } from 'node:timers/promises';
import { CountedCache } from '../../lib/counted-cache.ts';
import type { KeyOwner } from '../store.ts';

/** How long an answer holds without asking the server, in milliseconds. */
const RECENT_MS = 1_000;
/** For timers that come early, and clocks that run at different speeds. */
const MARGIN_MS = 20;

/** Keys that are remembered. */
const MAX_KEYS = 10_000;

/**
 * Owners of the keys that were used in the last second, by the hash of the key: a round trip or two less for each
 * request. Who changes an owner waits out that second, so that the change holds in every process.
 */
export class KeyOwners {
  readonly cache = new CountedCache<{ owner: KeyOwner; askedAt: number }>({ max: MAX_KEYS });

  async find(hash: string, read: () => Promise<KeyOwner | null>): Promise<KeyOwner | null> {
    // As of before the read: what changes during it is then waited out as well.
    const askedAt = performance.now();
    const known = this.cache.get(hash, (one) => askedAt - one.askedAt < RECENT_MS);
    if (known !== undefined) return known.owner;
    const owner = await read();
    if (owner === null) this.cache.delete(hash);
    else this.cache.set(hash, { owner, askedAt });
    return owner;
  }
}

/** Resolves when no process remembers what was true before. */
export async function keyOwnersSettled(): Promise<void> {
  await setTimeout(RECENT_MS + MARGIN_MS);
}
