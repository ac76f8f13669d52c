import { workerData } from 'node:worker_threads';
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
  /** Calls a method of SqliteOperations. @throws Error if the call was stopped before it started. */
  read(slot: number, method: keyof SqliteOperations, args: readonly unknown[]): unknown;
}

const { options, memory } = workerData as ReaderData;
const stopFlags = new StopFlags(memory);

serve<ReaderCalls>(() => {
  const operations = new SqliteOperations(new Database(options, () => stopFlags.isStopped));
  return {
    read(slot, method, args) {
      stopFlags.begin(slot);
      if (stopFlags.isStopped) throw new Error('The search was stopped before it started.');
      return (operations[method] as (...args: readonly unknown[]) => unknown)(...args);
    },
  };
});
