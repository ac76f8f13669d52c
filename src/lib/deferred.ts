import { AsyncLocalStorage } from 'node:async_hooks';

/** Milliseconds. Of the requests in so long, the work is done together: its code is in the processor's caches but once. */
const DEFER_MS = 10;

/** Of no request, whichever begins to wait. */
const ofNoRequest = AsyncLocalStorage.snapshot();

let waiting: (() => void)[] = [];
process.on('exit', finishDeferred);

/**
 * Does what nobody waits for in a moment, or when the process ends: in the midst of answers, whose work takes the
 * processor's caches, it takes longer, and delays those behind. What the work holds should be small: it is kept so long.
 */
export function defer(work: () => void): void {
  if (waiting.push(work) === 1) ofNoRequest(setTimeout, finishDeferred, DEFER_MS);
}

/** Does it now, for who looks at what it gives. @throws what failed first, after all the rest is done. */
export function finishDeferred(): void {
  const failures: unknown[] = [];
  // The work itself may add to it.
  for (let i = 0; i < waiting.length; i++) {
    try {
      waiting[i]!();
    } catch (error) {
      failures.push(error);
    }
  }
  waiting = [];
  if (failures.length > 0) throw failures[0];
}
