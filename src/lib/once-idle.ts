import { performance } from 'node:perf_hooks';

/** A thread counts as idle if its event loop utilization is at most this. */
const IDLE_UTILIZATION = 0.05;
const CHECK_MS = 1_000;

/** Runs the work once, after the first second in which this thread was idle. Does not keep the process alive. */
export function onceIdle(work: () => void): void {
  let before = performance.eventLoopUtilization();
  const timer = setInterval(() => {
    const now = performance.eventLoopUtilization();
    const { utilization } = performance.eventLoopUtilization(now, before);
    before = now;
    if (utilization > IDLE_UTILIZATION) return;
    clearInterval(timer);
    work();
  }, CHECK_MS);
  timer.unref();
}
