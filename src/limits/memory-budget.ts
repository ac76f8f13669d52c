import { RelaylogError } from '../log/errors.ts';

/** How many bytes the bodies of all requests together may hold. */
export class MemoryBudget {
  readonly #maxBytes: number;
  #used = 0;

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  /** Bytes of bodies that are held now. */
  get used(): number {
    return this.#used;
  }

  /** @throws RelaylogError UNAVAILABLE if that is too much; then nothing was taken. */
  take(bytes: number): void {
    if (this.#used + bytes > this.#maxBytes) {
      throw new RelaylogError('UNAVAILABLE', 'Too many bodies are being read: try again later.', {
        retryAfter: 1,
      });
    }
    this.#used += bytes;
  }

  give(bytes: number): void {
    this.#used -= bytes;
  }
}
