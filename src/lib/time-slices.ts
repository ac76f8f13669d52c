import { setImmediate as eventLoopTurn } from 'node:timers/promises';

/** Divides long synchronous work into time slices, so the thread can do other work between them. */
export class TimeSlices {
  readonly #sliceMs: number;
  #end: number;

  constructor(sliceMs: number) {
    this.#sliceMs = sliceMs;
    this.#end = performance.now() + sliceMs;
  }

  /** Whether the current slice has used up its time. */
  get isOver(): boolean {
    return performance.now() >= this.#end;
  }

  /** Lets other events run, then starts the next slice. */
  async next(): Promise<void> {
    await eventLoopTurn();
    this.#end = performance.now() + this.#sliceMs;
  }
}
