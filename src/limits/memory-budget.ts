import { RelaylogError } from '../log/errors.ts';

/** Limits the total bytes of request bodies in memory. */
export class MemoryBudget {
  readonly #maxBytes: number;
  #used = 0;

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  /** Bytes in use. */
  get used(): number {
    return this.#used;
  }

  /** Reserves bytes. @throws RelaylogError UNAVAILABLE if the budget is exceeded; then nothing is reserved. */
  reserve(bytes: number): void {
    if (this.#used + bytes > this.#maxBytes) {
      throw new RelaylogError('UNAVAILABLE', 'Too many request bodies are in memory: try again later.', {
        retryAfter: 1,
      });
    }
    this.#used += bytes;
  }

  release(bytes: number): void {
    this.#used -= bytes;
  }
}
