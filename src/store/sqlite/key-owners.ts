import { CountedCache } from '../../lib/counted-cache.ts';
import type { KeyOwner } from '../store.ts';
import type { Database } from './database.ts';

/** The maximum number of cached keys. */
const MAX_KEYS = 10_000;

/**
 * Caches key owners by the hash of the key. The cache is cleared when another connection, of any process, has committed a
 * transaction (`PRAGMA data_version`), so a cached owner is never out of date.
 */
export class KeyOwners {
  readonly cache = new CountedCache<KeyOwner>({ max: MAX_KEYS });
  readonly #db: Database;
  #version: number | undefined;

  constructor(db: Database) {
    this.#db = db;
  }

  find(hash: string, read: () => KeyOwner | null): KeyOwner | null {
    const version = this.#db.version();
    if (version !== this.#version) this.forget();
    this.#version = version;
    const known = this.cache.get(hash);
    if (known !== undefined) return known;
    const owner = read();
    if (owner !== null) this.cache.set(hash, owner);
    return owner;
  }

  /** Clears the cache. Call it after a write by the same connection, which `data_version` does not count. */
  forget(): void {
    this.cache.clear();
  }
}
