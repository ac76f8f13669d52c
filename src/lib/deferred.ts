import { AsyncLocalStorage } from 'node:async_hooks';

/** Milliseconds. Work deferred within this time runs as one batch, so its code is loaded into the CPU caches only once. */
const DEFER_MS = 10;

/** Keeps the timer out of the async context of the request that happens to start it. */
const outsideRequest = AsyncLocalStorage.snapshot();

let pending: (() => void)[] = [];
process.on('exit', finishDeferred);

/**
 * Runs work that no response depends on after up to 10 ms, or when the process exits. Running it between responses
 * would take longer, because they evict its code from the CPU caches, and would delay the next ones. The closure should
 * reference little memory, because it is kept alive until then.
 */
export function defer(work: () => void): void {
  if (pending.push(work) === 1) outsideRequest(setTimeout, finishDeferred, DEFER_MS);
}

/**
 * Runs all deferred work now, so that its results can be read.
 *
 * @throws the first error, after all work has run.
 */
export function finishDeferred(): void {
  const failures: unknown[] = [];
  // Work may defer more work, so the length is read in each iteration.
  for (let i = 0; i < pending.length; i++) {
    try {
      pending[i]!();
    } catch (error) {
      failures.push(error);
    }
  }
  pending = [];
  if (failures.length > 0) throw failures[0];
}
