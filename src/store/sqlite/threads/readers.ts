import { availableParallelism } from 'node:os';
import { FairQueue, SEARCHES_WAITING, tooMuch } from '../../fair-queue.ts';
import { Lanes, type Slot } from '../../permits.ts';
import { readBudget } from '../../read-budget.ts';
import { type Arguments, Remote, type Result } from '../../threads/remote.ts';
import type { DatabaseOptions } from '../database.ts';
import type { SqliteOperations } from '../operations.ts';
import type { ReaderCalls, ReaderData } from './reader-worker.ts';
import { StopFlags } from './stop-flags.ts';

/** Threads, each started when the others are busy. */
const READERS = Math.min(4, Math.max(2, availableParallelism()));
/** Calls that a thread is given at a time: so many that it does not stand still while the loop of events is busy. */
const DEPTH = 64;
const WORKER = new URL('./reader-worker.ts', import.meta.url);

/** Threads for what may read more than a page; they are shared fairly among organizations. */
export class Readers {
  readonly #threads: readonly { remote: Remote<ReaderCalls>; stopFlags: StopFlags }[];
  readonly #queue = new FairQueue(new Lanes(READERS, DEPTH), SEARCHES_WAITING);
  readonly #budgetMs: number;

  /** @param budgetMs how long one call may take once it was given to a thread. */
  constructor(options: DatabaseOptions, budgetMs: number) {
    this.#budgetMs = budgetMs;
    this.#threads = Array.from({ length: READERS }, () => {
      const stopFlags = StopFlags.of(DEPTH);
      const data: ReaderData = { options, memory: stopFlags.memory };
      return { stopFlags, remote: new Remote<ReaderCalls>(WORKER, data, DEPTH) };
    });
  }

  /**
   * @param gone aborts when nobody waits for the answer any more.
   * @throws RelaylogError QUERY_TIMEOUT, UNAVAILABLE; CLIENT_CLOSED_REQUEST if `gone` aborts.
   */
  call<M extends keyof SqliteOperations>(
    organizationId: string,
    gone: AbortSignal | undefined,
    method: M,
    ...args: Arguments<SqliteOperations[M]>
  ): Promise<Result<SqliteOperations[M]>> {
    const work = (slot: Slot) => this.#read(slot, gone, method, args);
    return this.#queue.run(organizationId, work, gone) as Promise<Result<SqliteOperations[M]>>;
  }

  async close(): Promise<void> {
    await Promise.all(this.#threads.map(({ remote }) => remote.close()));
  }

  async #read(
    { lane, slot }: Slot,
    gone: AbortSignal | undefined,
    method: keyof SqliteOperations,
    args: readonly unknown[],
  ): Promise<unknown> {
    const { remote, stopFlags } = this.#threads[lane]!;
    using budget = readBudget(this.#budgetMs, gone);
    budget.signal.throwIfAborted();
    let begun = true;
    stopFlags.reset(slot);
    budget.signal.addEventListener('abort', () => {
      begun = stopFlags.stop(slot);
    });
    try {
      return await remote.call('read', slot, method, args);
    } catch (error) {
      if (!budget.signal.aborted) throw error;
      // One that only waited for those before it is not told to narrow its question.
      throw begun || gone?.aborted ? budget.signal.reason : tooMuch();
    }
  }
}
