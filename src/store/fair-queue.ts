import { RelaylogError } from '../log/errors.ts';
import type { Permits } from './permits.ts';
import { clientGone } from './read-budget.ts';

export interface WaitLimits {
  /** How much may wait for a place. */
  readonly waiting: number;
  /** How much of it of one key. */
  readonly waitingOfOne: number;
  /** How long it may wait, in milliseconds. */
  readonly waitMs: number;
}

/** Searches that may wait, of whatever store. */
export const SEARCHES_WAITING: WaitLimits = { waiting: 512, waitingOfOne: 128, waitMs: 5_000 };

/** Gives work its place. What waits is taken from each key in turn, so that no key waits for all that another one asks. */
export class FairQueue<P> {
  readonly #places: Permits<P>;
  readonly #limits: WaitLimits;
  /** The key whose turn is next comes first. */
  readonly #waiting = new Map<string, Set<(place: P) => void>>();
  #waitingInAll = 0;

  constructor(places: Permits<P>, limits: WaitLimits) {
    this.#places = places;
    this.#limits = limits;
  }

  /**
   * Does the work as soon as there is a place for it.
   *
   * @param gone aborts when nobody waits for the work any more; what waits is then given up.
   * @throws RelaylogError UNAVAILABLE at once where too much waits, and after `waitMs`; and whatever the work does.
   */
  async run<T>(key: string, work: (place: P) => Promise<T>, gone?: AbortSignal): Promise<T> {
    const place = this.#take(key) ?? (await this.#turn(key, gone));
    try {
      return await work(place);
    } finally {
      this.#places.give(key, place);
      while (this.#startNext());
    }
  }

  #take(key: string): P | undefined {
    if (this.#waiting.has(key)) return undefined;
    return this.#places.take(key, this.#waiting.size > 0);
  }

  async #turn(key: string, gone: AbortSignal | undefined): Promise<P> {
    if (gone?.aborted) throw clientGone();
    const ofKey = this.#waiting.get(key) ?? new Set();
    const { waiting, waitingOfOne, waitMs } = this.#limits;
    if (ofKey.size >= waitingOfOne || this.#waitingInAll >= waiting) throw tooMuch();
    const { promise, resolve, reject } = Promise.withResolvers<P>();
    const giveUp = (error: RelaylogError) => {
      if (!ofKey.delete(resolve)) return;
      if (ofKey.size === 0) this.#waiting.delete(key);
      reject(error);
    };
    const timer = setTimeout(() => giveUp(tooMuch()), waitMs);
    const leave = () => giveUp(clientGone());
    gone?.addEventListener('abort', leave, { once: true });
    this.#waiting.set(key, ofKey.add(resolve));
    this.#waitingInAll += 1;
    try {
      return await promise;
    } finally {
      this.#waitingInAll -= 1;
      clearTimeout(timer);
      gone?.removeEventListener('abort', leave);
    }
  }

  /** Whether there was a place for one that waits. */
  #startNext(): boolean {
    for (const [key, ofKey] of this.#waiting) {
      const place = this.#places.take(key, this.#waiting.size > 1);
      if (place === undefined) continue;
      const [start] = ofKey;
      ofKey.delete(start!);
      this.#waiting.delete(key);
      if (ofKey.size > 0) this.#waiting.set(key, ofKey);
      start!(place);
      return true;
    }
    return false;
  }
}

/** What is said of a search for which there is no place. */
export function tooMuch(): RelaylogError {
  return new RelaylogError('UNAVAILABLE', 'Too many searches are waiting: try again later.', {
    retryAfter: 1,
  });
}
