/** Limits the total weight of concurrent work. Work that does not fit waits in arrival order. */
export class WeightedSemaphore {
  readonly #limit: number;
  readonly #waiting: { readonly weight: number; start(): void }[] = [];
  #used = 0;

  /** @param limit work heavier than the limit runs alone; with a limit of 0, all work runs one at a time. */
  constructor(limit: number) {
    this.#limit = limit;
  }

  async run<T>(weight: number, work: () => Promise<T>): Promise<T> {
    if (this.#waiting.length > 0 || !this.#fits(weight)) {
      await new Promise<void>((start) => this.#waiting.push({ weight, start }));
    } else this.#used += weight;
    try {
      return await work();
    } finally {
      this.#used -= weight;
      this.#admit();
    }
  }

  #admit(): void {
    while (this.#waiting.length > 0 && this.#fits(this.#waiting[0]!.weight)) {
      const { weight, start } = this.#waiting.shift()!;
      this.#used += weight;
      start();
    }
  }

  #fits(weight: number): boolean {
    return this.#used === 0 || this.#used + weight <= this.#limit;
  }
}
