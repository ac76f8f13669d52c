import { setTimeout } from 'node:timers/promises';
import { LRUCache } from 'lru-cache';
import type { KeyOwner } from '../store.ts';

/** How long an answer holds without asking the server, in milliseconds. */
export const RECENT_MS = 1_000;
/** For timers that come early, and clocks that run at different speeds. */
const MARGIN_MS = 20;

/** Keys that are remembered. */
const MAX_KEYS = 10_000;

/**
 * Owners of the keys that were used in the last second, by the hash of the key: a round trip or two less for each
 * request. Who changes an owner waits out that second, so that a change that was acknowledged holds in every process.
 */
export class KeyOwners {
  readonly #recent = new LRUCache<string, { owner: KeyOwner; askedAt: number }>({ max: MAX_KEYS });

  async find(hash: string, read: () => Promise<KeyOwner | null>): Promise<KeyOwner | null> {
    const askedAt = performance.now();
    const known = this.#recent.get(hash);
    if (known !== undefined && askedAt - known.askedAt < RECENT_MS) return known.owner;
    const owner = await read();
    if (owner === null) this.#recent.delete(hash);
    else this.#recent.set(hash, { owner, askedAt });
    return owner;
  }

  /** Resolves when no process can still go by what was true before. */
  async settled(): Promise<void> {
    await setTimeout(RECENT_MS + MARGIN_MS);
  }
}
