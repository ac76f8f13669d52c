import { setTimeout } from 'node:timers/promises';
import { RelaylogError } from '../log/errors.ts';
import type { Erasure, ErasureStep } from '../store/erasure.ts';
import type { DeletedOrganization, Store } from '../store/store.ts';

export interface EraseOptions {
  /** Rewrite the file of SQLite without free pages, which may still hold deleted values. */
  readonly rewrite: boolean;
  /** Stops after the current step. */
  readonly signal?: AbortSignal;
  /** Called after each step with the number of logs deleted so far. */
  readonly onProgress?: (logs: number) => void;
}

export interface Erased {
  /** Number of deleted logs. */
  readonly logs: number;
  /**
   * `done`: no log is left. `stopped`: the signal stopped it, and logs may be left. `arriving`: such logs were still being
   * stored at the end, so some may be left.
   */
  readonly outcome: 'done' | 'stopped' | 'arriving';
}

/** Pause after a step that deleted logs, in milliseconds, in which other work can use the store. */
const PAUSE_MS = 20;
/** After the last log, it looks again for logs that were stored meanwhile, at most this many times. */
const PASSES = 3;

/**
 * Deletes the logs of an erasure in small steps, then what they leave behind in the store's files. If it is interrupted, run it
 * again.
 */
export async function eraseLogs(store: Store, erasure: Erasure, options: EraseOptions): Promise<Erased> {
  let logs = 0;
  let outcome: Erased['outcome'] = 'arriving';
  for (let pass = 1; pass <= PASSES && outcome === 'arriving'; pass++) {
    const before = logs;
    for await (const { deleted, next } of steps(store, erasure)) {
      logs += deleted;
      options.onProgress?.(logs);
      if (options.signal?.aborted && next !== null) return { logs, outcome: 'stopped' };
      if (deleted > 0) await setTimeout(PAUSE_MS);
    }
    if (logs === before) outcome = 'done';
  }
  await cleanUp(store, options);
  return { logs, outcome };
}

/** Yields the result of each step of one pass. */
async function* steps(store: Store, erasure: Erasure): AsyncGenerator<ErasureStep> {
  let after: ErasureStep['next'] = null;
  do {
    const step = await store.eraseStep(erasure, after);
    yield step;
    after = step.next;
  } while (after !== null);
}

async function cleanUp(store: Store, { rewrite }: EraseOptions): Promise<void> {
  try {
    await store.cleanUp({ rewrite });
  } catch (error) {
    if (!(error instanceof RelaylogError)) throw error;
    throw new RelaylogError(
      error.code,
      `The logs were deleted, but the file may still hold their values: run relaylog compact. ${error.message}`,
      { cause: error },
    );
  }
}

/**
 * Deletes an organization: first its keys and itself, so that nothing can be sent or read any more, then its logs and rate
 * limits. If it is interrupted, run it again, although the organization no longer exists.
 *
 * @param onDeleted called when the keys are rejected in every process.
 */
export async function deleteOrganization(
  store: Store,
  id: string,
  options: EraseOptions & { readonly onDeleted?: (deleted: DeletedOrganization) => void },
): Promise<Erased> {
  const deleted = await store.deleteOrganization(id);
  await store.settled();
  options.onDeleted?.(deleted);
  const erased = await eraseLogs(store, { organizationId: id, match: null }, options);
  // Last, because requests that were in flight may have consumed from them.
  await store.deleteBuckets(id);
  return erased;
}
