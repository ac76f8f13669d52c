import { AsyncLocalStorage } from 'node:async_hooks';

/** Of no request, whichever begins the turn's work. */
const ofNoRequest = AsyncLocalStorage.snapshot();

/**
 * Work that nobody waits for, done together when the event loop has done what was ready: in the midst of answers, whose
 * work takes the processor's caches, it costs each of them three times as much, and delays those behind.
 */
export class AtTurnsEnd<T> {
  readonly #work: (one: T) => void;
  #waiting: T[] = [];

  constructor(work: (one: T) => void) {
    this.#work = work;
  }

  add(one: T): void {
    if (this.#waiting.push(one) === 1) ofNoRequest(setImmediate, () => this.done());
  }

  /** Does it now, for who looks at what it gives. */
  done(): void {
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const one of waiting) this.#work(one);
  }
}
