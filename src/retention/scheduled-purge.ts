import { setTimeout } from 'node:timers/promises';
import type { Store } from '../store/store.ts';
import { type Purged, type PurgeOptions, purge } from './purge.ts';

export interface PurgeSchedule extends Omit<PurgeOptions, 'signal' | 'onProgress'> {
  /** Milliseconds between two purges; the first is done at once. */
  readonly interval: number;
  /** Called after each purge of this process. */
  done(purged: readonly Purged[]): void;
  /** Called where a purge failed; the next one is tried all the same. */
  report(error: unknown): void;
}

/** Purges again and again. @returns what ends it, after the batch in flight. */
export function schedulePurge(store: Store, schedule: PurgeSchedule): () => Promise<void> {
  const ending = new AbortController();
  const { signal } = ending;
  const run = async () => {
    while (!signal.aborted) {
      await purge(store, { ...schedule, signal }).then(
        (purged) => purged && schedule.done(purged),
        schedule.report,
      );
      // Does not keep the process alive; ended early, it rejects.
      await setTimeout(schedule.interval, null, { signal, ref: false }).catch(() => undefined);
    }
  };
  const running = run();
  return () => {
    ending.abort();
    return running;
  };
}
