const SWEEP_MS = 60_000;

/**
 * A map of at most `max` entries. `set` removes expired entries at most once a minute, and the entry that was set
 * longest ago if the map is full. `get` and `has` do not check the expiry.
 */
export class ExpiringMap<V> {
  readonly #entries = new Map<string, { readonly value: V; readonly expiresAt: number }>();
  readonly #max: number;
  #sweepAt = 0;

  constructor(max: number) {
    this.#max = max;
  }

  get size(): number {
    return this.#entries.size;
  }

  get(key: string): V | undefined {
    return this.#entries.get(key)?.value;
  }

  has(key: string): boolean {
    return this.#entries.has(key);
  }

  /** @param expiresAt and `now` are Unix milliseconds. */
  set(key: string, value: V, expiresAt: number, now: number): void {
    // Deleting first moves the key to the end, so the first key is always the one that was set longest ago.
    this.#entries.delete(key);
    this.#entries.set(key, { value, expiresAt });
    if (now >= this.#sweepAt || now < this.#sweepAt - SWEEP_MS) this.#sweep(now);
    if (this.#entries.size > this.#max) this.#entries.delete(this.#entries.keys().next().value!);
  }

  #sweep(now: number): void {
    for (const [key, { expiresAt }] of this.#entries) if (expiresAt <= now) this.#entries.delete(key);
    this.#sweepAt = now + SWEEP_MS;
  }
}
