const WAITS = 0;
const RUNS = 1;
const STOPPED = 2;

/** A switch for each call that a thread has been given, in memory that is shared with it. */
export class StopFlags {
  /** What the thread is given, to make its own end of. */
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

  /** Before a call is given to the thread. */
  reset(slot: number): void {
    Atomics.store(this.#states, slot, WAITS);
  }

  /** Ends a call, or keeps it from its start. Whether it had begun. */
  stop(slot: number): boolean {
    return Atomics.exchange(this.#states, slot, STOPPED) === RUNS;
  }

  /** In the thread: the call of this slot begins now. */
  begin(slot: number): void {
    this.#running = slot;
    Atomics.compareExchange(this.#states, slot, WAITS, RUNS);
  }

  /** In the thread: whether the call that runs is to end. */
  get isStopped(): boolean {
    return Atomics.load(this.#states, this.#running) === STOPPED;
  }
}
