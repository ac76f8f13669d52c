/** Bounds what is in flight at a time by its size; what does not fit waits for its turn. */
export class WeightedSemaphore {
  readonly #size: number;
  readonly #waiting: { readonly size: number; enter(): void }[] = [];
  #used = 0;

  /** @param size something larger than all of it is in flight alone; of size 0, one thing at a time. */
  constructor(size: number) {
    this.#size = size;
  }

  async run<T>(size: number, work: () => Promise<T>): Promise<T> {
    if (this.#waiting.length > 0 || !this.#fits(size)) {
      await new Promise<void>((enter) => this.#waiting.push({ size, enter }));
    } else this.#used += size;
    try {
      return await work();
    } finally {
      this.#used -= size;
      this.#admit();
    }
  }

  #admit(): void {
    while (this.#waiting.length > 0 && this.#fits(this.#waiting[0]!.size)) {
      const { size, enter } = this.#waiting.shift()!;
      this.#used += size;
      enter();
    }
  }

  #fits(size: number): boolean {
    return this.#used === 0 || this.#used + size <= this.#size;
  }
}
