import { availableParallelism } from 'node:os';
import { siblingModule } from '../../../lib/sibling-module.ts';
import { FairQueue, SEARCH_WAIT_LIMITS, tooManySearches } from '../../fair-queue.ts';
import { Lanes, type Slot } from '../../permits.ts';
import { readBudget } from '../../read-budget.ts';
import type { ReadOptions } from '../../store.ts';
import { type Arguments, Remote, type Result } from '../../threads/remote.ts';
import type { DatabaseOptions } from '../database.ts';
import type { SqliteOperations } from '../operations.ts';
import type { ReaderCalls, ReaderData } from './reader-worker.ts';
import { StopFlags } from './stop-flags.ts';

/** The maximum number of reader threads; each starts when the others are busy. */
const READERS = Math.min(4, Math.max(2, availableParallelism()));
/** The number of calls sent ahead to a thread, so it is not idle while the event loop is busy. */
const DEPTH = 64;
const WORKER = siblingModule('./reader-worker.ts', import.meta.url);

/** Worker threads for calls that may read more than one page, shared fairly among organizations. */
export class Readers {
  readonly #threads: readonly { remote: Remote<ReaderCalls>; stopFlags: StopFlags }[];
  readonly #queue = new FairQueue(new Lanes(READERS, DEPTH), SEARCH_WAIT_LIMITS);
  readonly #budgetMs: number;

  /** @param budgetMs the time limit of a call once it was sent to a thread, in milliseconds. */
  constructor(options: DatabaseOptions, budgetMs: number) {
    this.#budgetMs = budgetMs;
    this.#threads = Array.from({ length: READERS }, () => {
      const stopFlags = StopFlags.of(DEPTH);
      const data: ReaderData = { options, memory: stopFlags.memory };
      return { stopFlags, remote: new Remote<ReaderCalls>(WORKER, data, { maxPending: DEPTH }) };
    });
  }

  /**
   * @throws RelaylogError QUERY_TIMEOUT, UNAVAILABLE; CLIENT_CLOSED_REQUEST if `signal` aborts.
   */
  call<M extends keyof SqliteOperations>(
    organizationId: string,
    { signal, budgetMs }: ReadOptions,
    method: M,
    ...args: Arguments<SqliteOperations[M]>
  ): Promise<Result<SqliteOperations[M]>> {
    const work = (slot: Slot) => this.#read(slot, budgetMs ?? null, signal, method, args);
    return this.#queue.run(organizationId, work, signal) as Promise<Result<SqliteOperations[M]>>;
  }

  async close(): Promise<void> {
    await Promise.all(this.#threads.map(({ remote }) => remote.close()));
  }

  async #read(
    { lane, slot }: Slot,
    budgetMs: number | null,
    signal: AbortSignal | undefined,
    method: keyof SqliteOperations,
    args: readonly unknown[],
  ): Promise<unknown> {
    const { remote, stopFlags } = this.#threads[lane]!;
    using budget = readBudget(this.#budgetMs, signal);
    budget.signal.throwIfAborted();
    let hasStarted = true;
    stopFlags.reset(slot);
    budget.signal.addEventListener('abort', () => {
      hasStarted = stopFlags.stop(slot);
    });
    try {
      return await remote.call('read', slot, budgetMs, method, args);
    } catch (error) {
      if (!budget.signal.aborted) throw error;
      // A call that timed out while waiting behind other calls gets another error: narrowing its filter would not help.
      throw hasStarted || signal?.aborted ? budget.signal.reason : tooManySearches();
    }
  }
}
