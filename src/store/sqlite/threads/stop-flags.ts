const WAITING = 0;
const RUNNING = 1;
const STOPPED = 2;

/** One flag for each call slot of a worker thread, in memory that is shared with the thread. */
export class StopFlags {
  /** The shared memory: the thread creates its own StopFlags on it. */
  readonly memory: SharedArrayBuffer;
  readonly #states: Int32Array<SharedArrayBuffer>;
  #running = 0;

  constructor(memory: SharedArrayBuffer) {
    this.memory = memory;
    this.#states = new Int32Array(memory);
  }

  static of(count: number): StopFlags {
    return new StopFlags(new SharedArrayBuffer(count * Int32Array.BYTES_PER_ELEMENT));
  }

  /** Call it before a call is sent to the thread. */
  reset(slot: number): void {
    Atomics.store(this.#states, slot, WAITING);
  }

  /** Stops a call, or prevents its start. Returns whether it had started. */
  stop(slot: number): boolean {
    return Atomics.exchange(this.#states, slot, STOPPED) === RUNNING;
  }

  /** In the thread: marks the call of this slot as running. */
  begin(slot: number): void {
    this.#running = slot;
    Atomics.compareExchange(this.#states, slot, WAITING, RUNNING);
  }

  /** In the thread: whether the running call was stopped. */
  get isStopped(): boolean {
    return this.wasStopped(this.#running);
  }

  /** In the thread: whether the call of this slot was stopped, which may not be running yet. */
  wasStopped(slot: number): boolean {
    return Atomics.load(this.#states, slot) === STOPPED;
  }
}
