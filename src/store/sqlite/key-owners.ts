import { CountedCache } from '../../lib/counted-cache.ts';
import type { KeyOwner } from '../store.ts';
import type { Database } from './database.ts';

/** Keys that are remembered. */
const MAX_KEYS = 10_000;

/**
 * Owners of the keys that were used since anything was last written, by the hash of the key. SQLite tells whether
 * another connection, of whatever process, has committed since, so that no answer is ever older than the file.
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

  /** For what is written by the same connection, which SQLite does not count. */
  forget(): void {
    this.cache.clear();
  }
}
