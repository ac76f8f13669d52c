import { Worker } from 'node:worker_threads';
import { type ErrorCode, RelaylogError } from '../../log/errors.ts';
import type { DatabaseOptions } from './database.ts';
import { unavailable } from './errors.ts';
import type { SqliteOperations } from './operations.ts';

export type Method = keyof SqliteOperations;

export interface Call {
  readonly id: number;
  readonly method: Method;
  readonly args: readonly unknown[];
}

export interface Reply {
  readonly id: number;
  readonly value?: unknown;
  readonly expected?: { code: ErrorCode; message: string; retryAfter: number | null };
  readonly unexpected?: unknown;
}

/** The store's operations in a thread of their own, started at the first call and again after a crash. */
export class RemoteOperations {
  readonly #options: DatabaseOptions;
  readonly #pending = new Map<number, PromiseWithResolvers<unknown>>();
  #worker: Worker | undefined;
  #lastId = 0;

  constructor(options: DatabaseOptions) {
    this.#options = options;
  }

  call<M extends Method>(
    method: M,
    ...args: Parameters<SqliteOperations[M]>
  ): Promise<ReturnType<SqliteOperations[M]>> {
    const pending = Promise.withResolvers<unknown>();
    const id = ++this.#lastId;
    this.#pending.set(id, pending);
    this.#worker ??= this.#start();
    this.#worker.ref();
    this.#worker.postMessage({ id, method, args } satisfies Call);
    return pending.promise as Promise<ReturnType<SqliteOperations[M]>>;
  }

  async close(): Promise<void> {
    await Promise.allSettled([...this.#pending.values()].map(({ promise }) => promise));
    await this.#worker?.terminate();
  }

  #start(): Worker {
    const worker = new Worker(new URL('./worker.ts', import.meta.url), { workerData: this.#options });
    worker.on('message', (reply: Reply) => this.#settle(worker, reply));
    worker.on('error', (error) => this.#fail(worker, error));
    worker.on('exit', () => this.#fail(worker, new Error('the store thread ended')));
    return worker;
  }

  #settle(worker: Worker, reply: Reply): void {
    const pending = this.#pending.get(reply.id);
    this.#pending.delete(reply.id);
    if (this.#pending.size === 0) worker.unref();
    if (reply.expected !== undefined) {
      const { code, message, retryAfter } = reply.expected;
      pending?.reject(new RelaylogError(code, message, retryAfter === null ? {} : { retryAfter }));
    } else if (reply.unexpected !== undefined) pending?.reject(reply.unexpected);
    else pending?.resolve(reply.value);
  }

  #fail(worker: Worker, error: unknown): void {
    if (this.#worker !== worker) return;
    this.#worker = undefined;
    const pending = [...this.#pending.values()];
    this.#pending.clear();
    for (const { reject } of pending) reject(unavailable('its thread ended', error));
  }
}
