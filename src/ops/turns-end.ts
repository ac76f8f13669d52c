import { AsyncLocalStorage } from 'node:async_hooks';

/** Of no request, whichever begins the turn's work. */
const ofNoRequest = AsyncLocalStorage.snapshot();

let waiting: (() => void)[] = [];
process.on('exit', finishTurn);

/**
 * Does what nobody waits for when the event loop has done what was ready, or the process ends: in the midst of answers,
 * whose work takes the processor's caches, it takes longer, and delays those behind.
 */
export function atTurnsEnd(work: () => void): void {
  if (waiting.push(work) === 1) ofNoRequest(setImmediate, finishTurn);
}

/** Does it now, for who looks at what it gives. @throws what failed first, after all the rest is done. */
export function finishTurn(): void {
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
