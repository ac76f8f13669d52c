import { setTimeout } from 'node:timers/promises';
import type { PlanTable } from '../config/plans.ts';
import type { Store } from '../store/store.ts';
import { underLease } from './lease.ts';
import { purgeBefore } from './window.ts';

export interface PurgeOptions {
  readonly plans: PlanTable;
  /** Milliseconds for which a log is kept after it went out of sight. */
  readonly grace: number;
  /** Unix milliseconds. */
  now(): number;
  /** Ends the purge after the batch in flight. */
  readonly signal?: AbortSignal;
  /** Called after each batch. */
  readonly onProgress?: (progress: Purged) => void;
}

/** What of one organization is deleted. */
export interface Purged {
  readonly organizationId: string;
  /** Logs from before this time, in Unix milliseconds. */
  readonly before: number;
  /** How many logs so far. */
  readonly logs: number;
}

const LEASE = 'purge';
/** Logs deleted at a time, with their payloads: some milliseconds of work. */
const BATCH = 200;
/** Milliseconds between two batches, in which whoever waits for the store comes first. */
const PAUSE_MS = 20;

/**
 * Deletes the logs that each organization's plan keeps no longer, in small batches. The plan is read again before each
 * batch, so that a better one stops what is in flight.
 *
 * @returns the organizations of which something was deleted; null if another process is purging.
 */
export function purge(store: Store, options: PurgeOptions): Promise<Purged[] | null> {
  return underLease(store, LEASE, options.now, async (hold) => {
    const all: Purged[] = [];
    for (const { id } of await store.listOrganizations()) {
      const mayGoOn = async () => !options.signal?.aborted && (await hold());
      const purged = await purgeOne(store, id, options, mayGoOn);
      if (purged !== null) all.push(purged);
    }
    return all;
  });
}

async function purgeOne(
  store: Store,
  organizationId: string,
  options: PurgeOptions,
  mayGoOn: () => Promise<boolean>,
): Promise<Purged | null> {
  let [logs, before] = [0, 0];
  while (await mayGoOn()) {
    const end = await endOfPurge(store, organizationId, options);
    const deleted = end === null ? 0 : await store.deleteBefore(organizationId, end, BATCH);
    if (end === null || deleted === 0) break;
    before = end;
    logs += deleted;
    options.onProgress?.({ organizationId, before, logs });
    await setTimeout(PAUSE_MS);
  }
  return logs === 0 ? null : { organizationId, before, logs };
}

/** What a purge would delete now; nothing is. */
export async function purgeable(store: Store, options: PurgeOptions): Promise<Purged[]> {
  const all: Purged[] = [];
  for (const { id } of await store.listOrganizations()) {
    const before = await endOfPurge(store, id, options);
    if (before === null) continue;
    const scope = { organizationId: id, visibleFrom: null };
    const { count } = await store.count(scope, { op: 'lt', field: 'createdAt', value: before }, null);
    if (count > 0) all.push({ organizationId: id, before, logs: count });
  }
  return all;
}

/** Null if the plan keeps everything, or is not known: then nothing is deleted. */
async function endOfPurge(store: Store, id: string, { plans, grace, now }: PurgeOptions) {
  const organization = await store.findOrganization(id);
  const plan = plans.get(organization?.plan ?? '');
  return plan === undefined ? null : purgeBefore(plan, now(), grace);
}
