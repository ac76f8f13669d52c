import { setTimeout } from 'node:timers/promises';
import { withLease } from '../retention/lease.ts';
import type { Store } from '../store/store.ts';

export interface RollUpSchedule {
  /** Unix milliseconds. */
  now(): number;
  /** Called after each step that built something, with its duration in seconds. */
  built(seconds: number): void;
  /** Called when it was checked whether roll-ups are due, with the time since which they are; null if they are not. */
  due(since: number | null): void;
  /** Called with the error if a step fails; the schedule continues. */
  report(error: unknown): void;
}

const LEASE = 'roll-ups';
/** Milliseconds to wait if nothing is due, and after an error. */
const IDLE_MS = 1_000;
/** Building takes at most this part of the time, so that it does not take the processor from requests. */
const DUTY = 0.25;

/**
 * Builds roll-ups in the background; of all processes that share the store, one at a time does.
 *
 * @returns a function that stops building and waits for the current step.
 */
export function scheduleRollUps(
  store: Store,
  { now, built, due, report }: RollUpSchedule,
): () => Promise<void> {
  const ending = new AbortController();
  const { signal } = ending;
  // `ref: false`: the timer does not keep the process alive. It rejects when the schedule is stopped.
  const pause = (ms: number) => setTimeout(ms, null, { signal, ref: false }).catch(() => undefined);
  let dueSince: number | null = null;
  const build = () =>
    withLease(store, LEASE, now, async (renew) => {
      while (!signal.aborted && (await renew())) {
        const start = performance.now();
        if (!(await store.rollUpStep(now()))) return;
        const ms = performance.now() - start;
        built(ms / 1_000);
        await pause(ms * (1 / DUTY - 1));
      }
    });
  const run = async () => {
    while (!signal.aborted) {
      // Also before the first time: building does not delay the first responses of the process.
      await pause(IDLE_MS);
      if (signal.aborted) return;
      try {
        const isDue = await store.hasDueRollUps(now());
        dueSince = isDue ? (dueSince ?? now()) : null;
        due(dueSince);
        if (isDue) await build();
      } catch (error) {
        report(error);
      }
    }
  };
  const running = run();
  return () => {
    ending.abort();
    return running;
  };
}
