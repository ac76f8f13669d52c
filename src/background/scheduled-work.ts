import { setTimeout } from 'node:timers/promises';
import { withLease } from '../retention/lease.ts';
import type { Store } from '../store/store.ts';

export interface WorkSchedule {
  /** Unix milliseconds. */
  now(): number;
  /** Called after each step that did something, with its duration in seconds. */
  done(seconds: number): void;
  /** Called when it was checked whether work is due, with the time since which it is; null if it is not. */
  due(since: number | null): void;
  /** Called with the error if a step fails; the schedule continues. */
  report(error: unknown): void;
}

/** What a store prepares from the logs in the background, in steps that leave it consistent. */
export interface BackgroundWork {
  /** The name of the lease that the working process holds. */
  readonly lease: string;
  /** @param now Unix milliseconds. */
  isDue(store: Store, now: number): Promise<boolean>;
  /** @returns false if nothing is due. */
  step(store: Store, now: number): Promise<boolean>;
}

export const ROLL_UPS: BackgroundWork = {
  lease: 'roll-ups',
  isDue: (store, now) => store.hasDueRollUps(now),
  step: (store, now) => store.rollUpStep(now),
};

export const TEXT_INDEX: BackgroundWork = {
  lease: 'text-index',
  isDue: (store, now) => store.hasDueText(now),
  step: (store, now) => store.textIndexStep(now),
};

/** Milliseconds to wait if nothing is due, and after an error. */
const IDLE_MS = 1_000;
/** Work takes at most this part of the time, so that it does not take the processor from requests. */
const DUTY = 0.25;

/**
 * Works in the background; of all processes that share the store, one at a time does.
 *
 * @returns a function that stops working and waits for the current step.
 */
export function scheduleWork(
  store: Store,
  work: BackgroundWork,
  { now, done, due, report }: WorkSchedule,
): () => Promise<void> {
  const ending = new AbortController();
  const { signal } = ending;
  // `ref: false`: the timer does not keep the process alive. It rejects when the schedule is stopped.
  const pause = (ms: number) => setTimeout(ms, null, { signal, ref: false }).catch(() => undefined);
  let dueSince: number | null = null;
  const doAll = () =>
    withLease(store, work.lease, now, async (renew) => {
      while (!signal.aborted && (await renew())) {
        const start = performance.now();
        if (!(await work.step(store, now()))) return;
        const ms = performance.now() - start;
        done(ms / 1_000);
        await pause(ms * (1 / DUTY - 1));
      }
    });
  const run = async () => {
    while (!signal.aborted) {
      // Also before the first time: work does not delay the first responses of the process.
      await pause(IDLE_MS);
      if (signal.aborted) return;
      try {
        const isDue = await work.isDue(store, now());
        dueSince = isDue ? (dueSince ?? now()) : null;
        due(dueSince);
        if (isDue) await doAll();
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
