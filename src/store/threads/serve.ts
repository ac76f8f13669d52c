import { parentPort } from 'node:worker_threads';
import { RelaylogError } from '../../log/errors.ts';
import type { Call, Reply } from './remote.ts';

/**
 * The worker thread's side of `Remote`: runs the calls on the object that `open` returns, and starts them in order of
 * arrival.
 *
 * @param open is called at the first call. If it fails, that call fails, and the next call tries again.
 */
export function serve<T extends object>(open: () => T | Promise<T>): void {
  let target: Promise<T> | undefined;
  const opened = async () => {
    target ??= Promise.resolve().then(open);
    try {
      return await target;
    } catch (error) {
      target = undefined;
      throw error;
    }
  };
  parentPort!.on('message', async (call: Call) => {
    parentPort!.postMessage(await answer(call, opened));
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
