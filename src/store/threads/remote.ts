import { type ResourceLimits, type Transferable, Worker } from 'node:worker_threads';
import { type ErrorCode, RelaylogError } from '../../log/errors.ts';

/** A method call to an object in a worker thread. */
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

/** The parameters and the result of a method; `never` for a member that is not a method. */
export type Arguments<F> = F extends (...args: infer A) => unknown ? A : never;
export type Result<F> = F extends (...args: never[]) => infer R ? Awaited<R> : never;

export interface ThreadOptions {
  /** The maximum number of pending calls; calls beyond it fail at once with UNAVAILABLE. */
  readonly maxPending: number;
  /** Limits of the thread's heap. A thread that exceeds them ends, and pending calls fail with UNAVAILABLE. */
  readonly resourceLimits?: ResourceLimits;
  /** The thread ends after this time without a call, in milliseconds. Default: it does not. */
  readonly idleMs?: number;
}

/** The young generation of a thread's heap, in MiB. V8 would let the garbage of messages grow to 64 MiB. */
const YOUNG_GENERATION_MB = 16;

/**
 * Calls the methods of an object in a worker thread (see `serve`). The thread starts at the first call, and again at the next
 * call after it ended.
 */
export class Remote<T> {
  readonly #file: URL;
  readonly #data: unknown;
  readonly #options: ThreadOptions;
  readonly #pending = new Map<number, PromiseWithResolvers<unknown>>();
  #worker: Worker | undefined;
  #idle: NodeJS.Timeout | undefined;
  #terminated: Promise<unknown> | undefined;
  #lastId = 0;

  /**
   * @param file the module that the worker thread runs.
   * @param data the thread's `workerData`.
   */
  constructor(file: URL, data: unknown, options: ThreadOptions) {
    this.#file = file;
    this.#data = data;
    this.#options = options;
  }

  /** Number of calls without a reply. */
  get pending(): number {
    return this.#pending.size;
  }

  /** @throws RelaylogError UNAVAILABLE if too many calls are pending or the thread ends; and any error of the method. */
  call<M extends keyof T & string>(method: M, ...args: Arguments<T[M]>): Promise<Result<T[M]>> {
    return this.transfer([], method, ...args);
  }

  /** Like `call`, but moves the objects of the list to the thread instead of copying them. */
  async transfer<M extends keyof T & string>(
    list: readonly Transferable[],
    method: M,
    ...args: Arguments<T[M]>
  ): Promise<Result<T[M]>> {
    if (this.pending >= this.#options.maxPending) {
      throw new RelaylogError('UNAVAILABLE', 'Too many calls are waiting: try again later.', {
        retryAfter: 1,
      });
    }
    const pending = Promise.withResolvers<unknown>();
    const id = ++this.#lastId;
    this.#pending.set(id, pending);
    clearTimeout(this.#idle);
    this.#worker ??= this.#start();
    this.#worker.ref();
    try {
      this.#worker.postMessage({ id, method, args } satisfies Call, list);
    } catch (error) {
      // The arguments could not be cloned, so there will be no reply.
      this.#settle(this.#worker, { id, unexpected: error });
    }
    return pending.promise as Promise<Result<T[M]>>;
  }

  /** Waits for the pending calls, then ends the thread. */
  async close(): Promise<void> {
    await Promise.allSettled([...this.#pending.values()].map(({ promise }) => promise));
    clearTimeout(this.#idle);
    await Promise.all([this.#terminated, this.#worker?.terminate()]);
  }

  #start(): Worker {
    const resourceLimits = { maxYoungGenerationSizeMb: YOUNG_GENERATION_MB, ...this.#options.resourceLimits };
    const worker = new Worker(this.#file, { workerData: this.#data, resourceLimits });
    worker.on('message', (reply: Reply) => this.#settle(worker, reply));
    worker.on('error', (error) => this.#fail(worker, error));
    worker.on('exit', () => this.#fail(worker, new Error('the worker thread exited')));
    return worker;
  }

  #settle(worker: Worker, reply: Reply): void {
    const pending = this.#pending.get(reply.id);
    this.#pending.delete(reply.id);
    if (this.#pending.size === 0) this.#rest(worker);
    if (reply.expected !== undefined) {
      const { code, message, retryAfter } = reply.expected;
      pending?.reject(new RelaylogError(code, message, retryAfter === null ? {} : { retryAfter }));
    } else if (reply.unexpected !== undefined) pending?.reject(reply.unexpected);
    else pending?.resolve(reply.value);
  }

  #rest(worker: Worker): void {
    // The thread does not keep the process alive.
    worker.unref();
    const { idleMs } = this.#options;
    if (idleMs === undefined) return;
    this.#idle = setTimeout(() => {
      this.#worker = undefined;
      this.#terminated = worker.terminate();
    }, idleMs).unref();
  }

  #fail(worker: Worker, error: unknown): void {
    if (this.#worker !== worker) return;
    this.#worker = undefined;
    const pending = [...this.#pending.values()];
    this.#pending.clear();
    for (const { reject } of pending) {
      reject(
        new RelaylogError('UNAVAILABLE', 'A worker thread ended unexpectedly: try again.', {
          cause: error,
          retryAfter: 1,
        }),
      );
    }
  }
}
