/** Counts by key. Keys with a count of 0 take no memory. */
export class KeyedCounter {
  readonly #counts = new Map<string, number>();

  of(key: string): number {
    return this.#counts.get(key) ?? 0;
  }

  /** Returns the new count. */
  add(key: string, count = 1): number {
    const sum = this.of(key) + count;
    this.#counts.set(key, sum);
    return sum;
  }

  /** Call once for each `add`, with the same count. */
  remove(key: string, count = 1): void {
    const left = this.of(key) - count;
    if (left > 0) this.#counts.set(key, left);
    else this.#counts.delete(key);
  }
}
