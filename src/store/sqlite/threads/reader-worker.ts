import { workerData } from 'node:worker_threads';
import { serve } from '../../threads/serve.ts';
import { Database, type DatabaseOptions } from '../database.ts';
import { SqliteOperations } from '../operations.ts';
import { StopSwitches } from './stop-flags.ts';

/** What the thread needs to know. */
export interface ReaderData {
  readonly options: DatabaseOptions;
  /** Of the StopSwitches. */
  readonly memory: SharedArrayBuffer;
}

/** What the thread does. */
export interface ReaderCalls {
  /** Calls a method of SqliteOperations, unless it was stopped before. */
  read(slot: number, method: keyof SqliteOperations, args: readonly unknown[]): unknown;
}

const { options, memory } = workerData as ReaderData;
const switches = new StopSwitches(memory);

serve<ReaderCalls>(() => {
  const operations = new SqliteOperations(new Database(options, () => switches.isStopped));
  return {
    read(slot, method, args) {
      switches.begin(slot);
      if (switches.isStopped) throw new Error('The search was stopped before it began.');
      return (operations[method] as (...args: readonly unknown[]) => unknown)(...args);
    },
  };
});
