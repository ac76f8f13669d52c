import { Worker } from 'node:worker_threads';
import { type ErrorCode, RelaylogError } from '../../log/errors.ts';

/** A call to an object that lives in a worker thread. */
export interface Call {
  readonly id: number;
  readonly method: string;
  readonly args: readonly unknown[];
}

export interface Reply {
  readonly id: number;
  readonly value?: unknown;
  readonly expected?: { code: ErrorCode; message: string; retryAfter: number | null };
  readonly unexpected?: unknown;
}

/** What a method takes and gives; `never` for a member that is none. */
export type Arguments<F> = F extends (...args: infer A) => unknown ? A : never;
export type Result<F> = F extends (...args: never[]) => infer R ? Awaited<R> : never;

/** Calls the methods of an object in a thread of its own (see `serve`), started at the first call and again after a crash. */
export class Remote<T> {
  readonly #file: URL;
  readonly #data: unknown;
  readonly #maxPending: number;
  readonly #pending = new Map<number, PromiseWithResolvers<unknown>>();
  #worker: Worker | undefined;
  #lastId = 0;

  /**
   * @param data reaches the thread as its `workerData`.
   * @param maxPending calls that may have no answer yet; one more is UNAVAILABLE at once.
   */
  constructor(file: URL, data: unknown, maxPending: number) {
    this.#file = file;
    this.#data = data;
    this.#maxPending = maxPending;
  }

  /** How many calls have no answer yet. */
  get pending(): number {
    return this.#pending.size;
  }

  /** @throws RelaylogError UNAVAILABLE, and whatever the method does. */
  async call<M extends keyof T & string>(method: M, ...args: Arguments<T[M]>): Promise<Result<T[M]>> {
    if (this.pending >= this.#maxPending) {
      throw new RelaylogError('UNAVAILABLE', 'Too many calls are waiting: try again later.', {
        retryAfter: 1,
      });
    }
    const pending = Promise.withResolvers<unknown>();
    const id = ++this.#lastId;
    this.#pending.set(id, pending);
    this.#worker ??= this.#start();
    this.#worker.ref();
    try {
      this.#worker.postMessage({ id, method, args } satisfies Call);
    } catch (error) {
      // What cannot be sent is never answered.
      this.#settle(this.#worker, { id, unexpected: error });
    }
    return pending.promise as Promise<Result<T[M]>>;
  }

  /** Waits for the calls in flight, then ends the thread. */
  async close(): Promise<void> {
    await Promise.allSettled([...this.#pending.values()].map(({ promise }) => promise));
    await this.#worker?.terminate();
  }

  #start(): Worker {
    const worker = new Worker(this.#file, { workerData: this.#data });
    worker.on('message', (reply: Reply) => this.#settle(worker, reply));
    worker.on('error', (error) => this.#fail(worker, error));
    worker.on('exit', () => this.#fail(worker, new Error('the thread ended')));
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
    for (const { reject } of pending) {
      reject(
        new RelaylogError('UNAVAILABLE', 'A worker thread ended; try again.', {
          cause: error,
          retryAfter: 1,
        }),
      );
    }
  }
}
