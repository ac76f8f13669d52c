import { LRUCache } from 'lru-cache';

/** Cache statistics. */
export interface CacheStatistics {
  /** Number of entries. */
  readonly size: number;
  /** Number of lookups that found an entry. */
  readonly hits: number;
  /** Number of entries that were evicted to make room for others. */
  readonly evictions: number;
}

/** The maximum number of entries, or the maximum total weight of all entries. */
export type CacheBounds<V> =
  | { readonly max: number }
  | { readonly maxWeight: number; weigh(value: V, key: string): number };

/** A bounded LRU cache that counts hits and evictions. */
export class CountedCache<V extends NonNullable<unknown>> implements CacheStatistics {
  readonly #entries: LRUCache<string, V>;
  #hits = 0;
  #evictions = 0;

  constructor(bounds: CacheBounds<V>) {
    const size =
      'max' in bounds
        ? { max: bounds.max }
        : { maxSize: bounds.maxWeight, sizeCalculation: (value: V, key: string) => bounds.weigh(value, key) };
    this.#entries = new LRUCache({
      ...size,
      dispose: (_value, _key, reason) => {
        if (reason === 'evict') this.#evictions += 1;
      },
    });
  }

  get size(): number {
    return this.#entries.size;
  }

  /** Total weight of all entries, if the cache is bounded by weight; otherwise 0. */
  get weight(): number {
    return this.#entries.calculatedSize;
  }

  get hits(): number {
    return this.#hits;
  }

  get evictions(): number {
    return this.#evictions;
  }

  /** @param isValid returns whether a cached value may still be used. Default: every value. */
  get(key: string, isValid: (value: V) => boolean = () => true): V | undefined {
    const value = this.#entries.get(key);
    if (value === undefined || !isValid(value)) return undefined;
    this.#hits += 1;
    return value;
  }

  /** Returns a cached value without counting a hit or marking it as used. */
  peek(key: string): V | undefined {
    return this.#entries.peek(key);
  }

  has(key: string): boolean {
    return this.#entries.has(key);
  }

  set(key: string, value: V): void {
    // LRUCache does not weigh a value again if the same object is set twice.
    this.#entries.delete(key);
    this.#entries.set(key, value);
  }

  delete(key: string): void {
    this.#entries.delete(key);
  }

  clear(): void {
    this.#entries.clear();
  }
}
