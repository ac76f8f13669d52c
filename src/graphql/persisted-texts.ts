import type { CacheStatistics } from '../lib/counted-cache.ts';
import { CountedCache } from '../lib/counted-cache.ts';

/**
 * Bounds of the persisted queries in this process, in characters of all texts: of one organization, and of all. `emptyStore`
 * is what an organization counts without its texts.
 */
export const PERSISTED = { ofOrganization: 250_000, ofAll: 10_000_000, emptyStore: 1_000 } as const;

/**
 * Texts of automatic persisted queries by organization and hash. An organization can neither read, replace nor evict the
 * texts of another, unless all organizations together exceed their bound: then the one that was not used for longest is
 * forgotten.
 */
export class PersistedTexts implements CacheStatistics {
  readonly #organizations = new CountedCache<CountedCache<string>>({
    maxWeight: PERSISTED.ofAll,
    weigh: ({ weight }) => PERSISTED.emptyStore + weight,
  });
  #hits = 0;
  #evictions = 0;

  get(organizationId: string, hash: string): string | undefined {
    const text = this.#organizations.get(organizationId)?.get(hash);
    if (text !== undefined) this.#hits += 1;
    return text;
  }

  set(organizationId: string, hash: string, text: string): void {
    const texts = this.#organizations.get(organizationId) ?? newTexts();
    if (texts.get(hash) !== undefined) return;
    const before = texts.evictions;
    texts.set(hash, text);
    this.#evictions += texts.evictions - before;
    // Set again, so that it is weighed again.
    this.#organizations.set(organizationId, texts);
  }

  /** Number of organizations with persisted queries. */
  get size(): number {
    return this.#organizations.size;
  }

  get hits(): number {
    return this.#hits;
  }

  get evictions(): number {
    return this.#evictions + this.#organizations.evictions;
  }
}

function newTexts(): CountedCache<string> {
  return new CountedCache({
    maxWeight: PERSISTED.ofOrganization,
    weigh: (text, hash) => hash.length + text.length,
  });
}
