import { RelaylogError } from '../log/errors.ts';
import type { Permits } from './permits.ts';
import { clientDisconnected } from './read-budget.ts';

export interface WaitLimits {
  /** The error message if too many tasks are waiting, or one waits too long. */
  readonly message: string;
  /** The maximum number of waiting tasks, over all keys. */
  readonly waiting: number;
  /** The maximum number of waiting tasks of one key. */
  readonly waitingPerKey: number;
  /** How long a task may wait for a permit, in milliseconds. */
  readonly waitMs: number;
}

/** The wait limits for searches, in every store. */
export const SEARCH_WAIT_LIMITS: WaitLimits = {
  message: 'Too many searches are waiting',
  waiting: 512,
  waitingPerKey: 128,
  waitMs: 5_000,
};

/** Keeps the permit of a task that has ended until a promise settles. */
export type Hold = (until: Promise<unknown>) => void;

/** Runs tasks as permits become free. Waiting tasks are started round-robin over their keys, so no key starves the others. */
export class FairQueue<P> {
  readonly #permits: Permits<P>;
  readonly #limits: WaitLimits;
  /** The waiting tasks by key; the first key is the next one to be served. */
  readonly #waiting = new Map<string, Map<(permit: P) => void, number>>();
  #totalWaiting = 0;

  constructor(permits: Permits<P>, limits: WaitLimits) {
    this.#permits = permits;
    this.#limits = limits;
  }

  /**
   * Runs the task as soon as it gets a permit. The permit is released when the task and every promise that it holds the permit
   * for have settled.
   *
   * @param size the size of the task, if permits have sizes.
   * @param signal aborts when the client has disconnected; the task is then removed from the queue.
   * @throws RelaylogError UNAVAILABLE at once if too many tasks are waiting, and after `waitMs`; CLIENT_CLOSED_REQUEST if
   *   `signal` aborts while the task waits; and any error of the task itself.
   */
  async run<T>(
    key: string,
    task: (permit: P, hold: Hold) => Promise<T>,
    signal?: AbortSignal,
    size = 1,
  ): Promise<T> {
    const permit = this.#tryAcquire(key, size) ?? (await this.#waitForPermit(key, size, signal));
    const held: Promise<unknown>[] = [];
    try {
      return await task(permit, (until) => held.push(until));
    } finally {
      if (held.length === 0) this.#release(key, permit);
      else void Promise.allSettled(held).then(() => this.#release(key, permit));
    }
  }

  /**
   * Takes further permits for a task of the key that is running: those that are free, if no task is waiting.
   *
   * @returns a function for each permit, which releases it.
   */
  spare(key: string, most: number): (() => void)[] {
    const releases: (() => void)[] = [];
    while (releases.length < most && this.#waiting.size === 0) {
      const permit = this.#permits.acquire(key, false, 1);
      if (permit === undefined) break;
      releases.push(() => this.#release(key, permit));
    }
    return releases;
  }

  #release(key: string, permit: P): void {
    this.#permits.release(key, permit);
    while (this.#startNext());
  }

  #tryAcquire(key: string, size: number): P | undefined {
    if (this.#waiting.has(key)) return undefined;
    return this.#permits.acquire(key, this.#waiting.size > 0, size);
  }

  async #waitForPermit(key: string, size: number, signal: AbortSignal | undefined): Promise<P> {
    if (signal?.aborted) throw clientDisconnected();
    const ofKey = this.#waiting.get(key) ?? new Map();
    const { waiting, waitingPerKey, waitMs } = this.#limits;
    if (ofKey.size >= waitingPerKey || this.#totalWaiting >= waiting) throw tooManyWaiting(this.#limits);
    const { promise, resolve, reject } = Promise.withResolvers<P>();
    const giveUp = (error: RelaylogError) => {
      if (!ofKey.delete(resolve)) return;
      if (ofKey.size === 0) this.#waiting.delete(key);
      reject(error);
    };
    const timer = setTimeout(() => giveUp(tooManyWaiting(this.#limits)), waitMs);
    const onAbort = () => giveUp(clientDisconnected());
    signal?.addEventListener('abort', onAbort, { once: true });
    this.#waiting.set(key, ofKey.set(resolve, size));
    this.#totalWaiting += 1;
    try {
      return await promise;
    } finally {
      this.#totalWaiting -= 1;
      clearTimeout(timer);
      signal?.removeEventListener('abort', onAbort);
    }
  }

  /** Starts the next waiting task that can get a permit; returns false if there is none. */
  #startNext(): boolean {
    for (const [key, ofKey] of this.#waiting) {
      const [start, size] = ofKey.entries().next().value!;
      const permit = this.#permits.acquire(key, this.#waiting.size > 1, size);
      if (permit === undefined) continue;
      ofKey.delete(start);
      this.#waiting.delete(key);
      if (ofKey.size > 0) this.#waiting.set(key, ofKey);
      start(permit);
      return true;
    }
    return false;
  }
}

/** The error of a search that was rejected because too many searches are waiting. */
export function tooManySearches(): RelaylogError {
  return tooManyWaiting(SEARCH_WAIT_LIMITS);
}

function tooManyWaiting({ message }: WaitLimits): RelaylogError {
  return new RelaylogError('UNAVAILABLE', `${message}: try again later.`, { retryAfter: 1 });
}
