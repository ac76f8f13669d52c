import { LRUCache } from 'lru-cache';

/** What is measured of a cache. */
export interface CacheFigures {
  /** Entries. */
  readonly size: number;
  /** How often what was looked up was there. */
  readonly hits: number;
  /** Entries that gave way to others. */
  readonly evictions: number;
}

/** At most so many entries, or so much weight of all together: the least recently used give way. */
export type CacheBounds<V> =
  | { readonly max: number }
  | { readonly maxWeight: number; weigh(value: V, key: string): number };

/** A cache of bounded size that counts what was found in it and what gave way. */
export class CountedCache<V extends NonNullable<unknown>> implements CacheFigures {
  readonly #kept: LRUCache<string, V>;
  #hits = 0;
  #evictions = 0;

  constructor(bounds: CacheBounds<V>) {
    const size =
      'max' in bounds
        ? { max: bounds.max }
        : { maxSize: bounds.maxWeight, sizeCalculation: (value: V, key: string) => bounds.weigh(value, key) };
    this.#kept = new LRUCache({
      ...size,
      dispose: (_value, _key, reason) => {
        if (reason === 'evict') this.#evictions += 1;
      },
    });
  }

  get size(): number {
    return this.#kept.size;
  }

  /** Of all entries together, if that is what is bounded. */
  get weight(): number {
    return this.#kept.calculatedSize;
  }

  get hits(): number {
    return this.#hits;
  }

  get evictions(): number {
    return this.#evictions;
  }

  /** @param isGood whether what is there may still be used; anything may, unless given. */
  get(key: string, isGood: (value: V) => boolean = () => true): V | undefined {
    const value = this.#kept.get(key);
    if (value === undefined || !isGood(value)) return undefined;
    this.#hits += 1;
    return value;
  }

  has(key: string): boolean {
    return this.#kept.has(key);
  }

  set(key: string, value: V): void {
    // The same value would keep its former weight.
    this.#kept.delete(key);
    this.#kept.set(key, value);
  }

  delete(key: string): void {
    this.#kept.delete(key);
  }

  clear(): void {
    this.#kept.clear();
  }
}
