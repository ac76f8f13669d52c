import { setTimeout } from 'node:timers/promises';
import { withLease } from '../retention/lease.ts';
import type { Store } from '../store/store.ts';

export interface RollUpSchedule {
  /** Unix milliseconds. */
  now(): number;
  /** Called after each step that built something, with its duration in seconds. */
  built(seconds: number): void;
  /** Called with the error if a step fails; the schedule continues. */
  report(error: unknown): void;
}

/** Roll-ups that are built while the process runs. */
export interface ScheduledRollUps {
  /** Seconds since no roll-up was due, whichever process builds them. */
  readonly lagSeconds: number;
  /** Stops building and waits for the current step. */
  stop(): Promise<void>;
}

const LEASE = 'roll-ups';
/** Milliseconds to wait if nothing is due, and after an error. */
const IDLE_MS = 1_000;
/** Building takes at most this part of the time, so that it does not take the processor from requests. */
const DUTY = 0.25;

/** Builds roll-ups in the background; of all processes that share the store, one at a time does. */
export function scheduleRollUps(store: Store, { now, built, report }: RollUpSchedule): ScheduledRollUps {
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
      try {
        const isDue = await store.hasDueRollUps(now());
        dueSince = isDue ? (dueSince ?? now()) : null;
        if (isDue) await build();
      } catch (error) {
        report(error);
      }
      await pause(IDLE_MS);
    }
  };
  const running = run();
  return {
    get lagSeconds() {
      return dueSince === null ? 0 : Math.max(0, now() - dueSince) / 1_000;
    },
    stop() {
      ending.abort();
      return running;
    },
  };
}
