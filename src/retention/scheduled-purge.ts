import { setTimeout } from 'node:timers/promises';
import type { Store } from '../store/store.ts';
import { type Purged, type PurgeOptions, purge } from './purge.ts';

export interface PurgeSchedule extends Omit<PurgeOptions, 'signal' | 'onProgress'> {
  /** Milliseconds between two purges; the first starts immediately. */
  readonly interval: number;
  /** Called after each purge by this process. */
  done(purged: readonly Purged[]): void;
  /** Called with the error if a purge fails; the schedule continues. */
  report(error: unknown): void;
}

/** Purges at regular intervals. @returns a function that stops the schedule and waits for the current batch. */
export function schedulePurge(store: Store, schedule: PurgeSchedule): () => Promise<void> {
  const ending = new AbortController();
  const { signal } = ending;
  const run = async () => {
    while (!signal.aborted) {
      await purge(store, { ...schedule, signal }).then(
        (purged) => purged && schedule.done(purged),
        schedule.report,
      );
      // `ref: false`: the timer does not keep the process alive. It rejects when the schedule is stopped.
      await setTimeout(schedule.interval, null, { signal, ref: false }).catch(() => undefined);
    }
  };
  const running = run();
  return () => {
    ending.abort();
    return running;
  };
}
