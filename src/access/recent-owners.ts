import { LRUCache } from 'lru-cache';
import type { AccessStore, KeyOwner } from '../store/store.ts';

/** How long an answer holds without asking the store: so long may a revoked key, or a plan that was changed, go on. */
export const RECENT_MS = 1_000;

/** Keys that are remembered. */
const MAX_KEYS = 10_000;

/** Owners of the keys that were used in the last second, by the hash of the key; a key without one is always asked for. */
export function recentOwners(store: Pick<AccessStore, 'findKeyOwner'>) {
  const recent = new LRUCache<string, { owner: KeyOwner; foundAt: number }>({ max: MAX_KEYS });
  return {
    get size(): number {
      return recent.size;
    },

    /** @param now Unix milliseconds. */
    async find(hash: string, now: number): Promise<KeyOwner | null> {
      const known = recent.get(hash);
      if (known !== undefined && now >= known.foundAt && now - known.foundAt < RECENT_MS) return known.owner;
      const owner = await store.findKeyOwner(hash);
      if (owner === null) recent.delete(hash);
      else recent.set(hash, { owner, foundAt: now });
      return owner;
    },
  };
}
