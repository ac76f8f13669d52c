import { workerData } from 'node:worker_threads';
import { queryTimeout } from '../../read-budget.ts';
import { serve } from '../../threads/serve.ts';
import { Database, type DatabaseOptions } from '../database.ts';
import { SqliteOperations } from '../operations.ts';
import { StopFlags } from './stop-flags.ts';

/** The thread's `workerData`. */
export interface ReaderData {
  readonly options: DatabaseOptions;
  /** The memory of the StopFlags. */
  readonly memory: SharedArrayBuffer;
}

/** The methods that the thread serves. */
export interface ReaderCalls {
  /**
   * Calls a method of SqliteOperations.
   *
   * @param budgetMs the time limit of the call from its start on; null: none of its own.
   * @throws RelaylogError QUERY_TIMEOUT; Error if the call was stopped before it started.
   */
  read(
    slot: number,
    budgetMs: number | null,
    method: keyof SqliteOperations,
    args: readonly unknown[],
  ): unknown;
}

const { options, memory } = workerData as ReaderData;
const stopFlags = new StopFlags(memory);

/** Rows between two looks at the clock. */
const CLOCK_ROWS = 16;

serve<ReaderCalls>(() => {
  let deadline = Number.POSITIVE_INFINITY;
  let rows = 0;
  const isOver = () => ++rows % CLOCK_ROWS === 0 && performance.now() >= deadline;
  const database = new Database(options, () => stopFlags.isStopped || isOver());
  const operations = new SqliteOperations(database);
  return {
    read(slot, budgetMs, method, args) {
      database.wal.shrinkIfLarge({ isStopped: () => stopFlags.wasStopped(slot) });
      stopFlags.begin(slot);
      if (stopFlags.isStopped) throw new Error('The search was stopped before it started.');
      deadline = budgetMs === null ? Number.POSITIVE_INFINITY : performance.now() + budgetMs;
      try {
        return (operations[method] as (...args: readonly unknown[]) => unknown)(...args);
      } catch (error) {
        if (performance.now() >= deadline) throw queryTimeout();
        throw error;
      }
    },
  };
});
