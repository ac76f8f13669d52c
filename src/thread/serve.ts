import { parentPort } from 'node:worker_threads';
import { RelaylogError } from '../log/errors.ts';
import type { Call, Reply } from './remote.ts';

/**
 * The other end of `Remote`, in the worker thread: does one call after the other on the object that `open` makes.
 * Where making it fails, that call fails and the next one tries again.
 */
export function serve<T extends object>(open: () => T | Promise<T>): void {
  let target: T | undefined;
  let last: Promise<void> = Promise.resolve();
  parentPort!.on('message', (call: Call) => {
    last = last.then(async () => {
      parentPort!.postMessage(
        await answer(call, async () => {
          target ??= await open();
          return target;
        }),
      );
    });
  });
}

async function answer({ id, method, args }: Call, open: () => Promise<object>): Promise<Reply> {
  try {
    const target = await open();
    const call = Reflect.get(target, method) as (...args: readonly unknown[]) => unknown;
    return { id, value: await call.apply(target, [...args]) };
  } catch (error) {
    if (!(error instanceof RelaylogError)) return { id, unexpected: error };
    return { id, expected: { code: error.code, message: error.message, retryAfter: error.retryAfter } };
  }
}
