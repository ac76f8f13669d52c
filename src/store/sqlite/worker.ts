import { parentPort, workerData } from 'node:worker_threads';
import { RelaylogError } from '../../log/errors.ts';
import { Database } from './database.ts';
import { SqliteOperations } from './operations.ts';
import type { Call, Reply } from './remote.ts';

/* The other end of `RemoteOperations`: does one call after the other on a connection of this thread. */

let operations: SqliteOperations | undefined;

parentPort!.on('message', ({ id, method, args }: Call) => {
  let reply: Reply;
  try {
    operations ??= new SqliteOperations(new Database(workerData));
    const call = operations[method] as (...args: unknown[]) => unknown;
    reply = { id, value: call.apply(operations, [...args]) };
  } catch (error) {
    const expected = error instanceof RelaylogError;
    reply = expected
      ? { id, expected: { code: error.code, message: error.message, retryAfter: error.retryAfter } }
      : { id, unexpected: error };
  }
  parentPort!.postMessage(reply);
});
