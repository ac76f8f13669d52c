import { performance } from 'node:perf_hooks';

/** At most this share of its time works a thread of which nothing is asked. */
const IDLE_SHARE = 0.05;
const CHECK_MS = 1_000;

/** Does the work once, after the first second in which this thread had next to nothing to do. It keeps no process alive. */
export function onceIdle(work: () => void): void {
  let before = performance.eventLoopUtilization();
  const timer = setInterval(() => {
    const now = performance.eventLoopUtilization();
    const { utilization } = performance.eventLoopUtilization(now, before);
    before = now;
    if (utilization > IDLE_SHARE) return;
    clearInterval(timer);
    work();
  }, CHECK_MS);
  timer.unref();
}
