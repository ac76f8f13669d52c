import { setTimeout } from 'node:timers/promises';
import type { PlanTable } from '../config/plans.ts';
import type { Store } from '../store/store.ts';
import { firstLedgerDay } from '../usage/calendar.ts';
import { withLease } from './lease.ts';
import { purgeBefore } from './window.ts';

export interface PurgeOptions {
  readonly plans: PlanTable;
  /** How long a log is kept after its retention period ends, in milliseconds. */
  readonly grace: number;
  /** Unix milliseconds. */
  now(): number;
  /** Stops the purge after the current batch. */
  readonly signal?: AbortSignal;
  /** Called after each batch. */
  readonly onProgress?: (progress: Purged) => void;
}

/** Logs deleted for one organization. */
export interface Purged {
  readonly organizationId: string;
  /** Logs with an earlier `createdAt` are deleted, in Unix milliseconds. */
  readonly before: number;
  /** Number of logs deleted so far. */
  readonly logs: number;
}

const LEASE = 'purge';
/** Number of logs deleted at a time, with their payloads. A batch takes a few milliseconds. */
const BATCH = 200;
/** Pause between two batches in milliseconds, in which other work can use the store. */
const PAUSE_MS = 20;

/**
 * Deletes the logs of each organization whose retention period and grace period have ended, in small batches, and the usage of
 * deleted logs that the ledger no longer keeps. The plan is read again before each batch, so an upgrade to longer retention takes
 * effect during a purge.
 *
 * @returns the organizations for which logs were deleted; null if another process is purging.
 */
export function purge(store: Store, options: PurgeOptions): Promise<Purged[] | null> {
  return withLease(store, LEASE, options.now, async (renew) => {
    const all: Purged[] = [];
    for (const { id } of await store.listOrganizations()) {
      const canContinue = async () => !options.signal?.aborted && (await renew());
      const purged = await purgeOne(store, id, options, canContinue);
      if (purged !== null) all.push(purged);
      if (await canContinue()) await store.deleteUsageBefore(id, firstLedgerDay(options.now()));
    }
    return all;
  });
}

async function purgeOne(
  store: Store,
  organizationId: string,
  options: PurgeOptions,
  canContinue: () => Promise<boolean>,
): Promise<Purged | null> {
  let [logs, before] = [0, 0];
  while (await canContinue()) {
    const cutoff = await purgeCutoff(store, organizationId, options);
    const deleted = cutoff === null ? 0 : await store.deleteBefore(organizationId, cutoff, BATCH);
    if (cutoff === null || deleted === 0) break;
    before = cutoff;
    logs += deleted;
    options.onProgress?.({ organizationId, before, logs });
    await setTimeout(PAUSE_MS);
  }
  return logs === 0 ? null : { organizationId, before, logs };
}

/** Returns what a purge would delete now, without deleting it. */
export async function purgeable(store: Store, options: PurgeOptions): Promise<Purged[]> {
  const all: Purged[] = [];
  for (const { id } of await store.listOrganizations()) {
    const before = await purgeCutoff(store, id, options);
    if (before === null) continue;
    const scope = { organizationId: id, visibleFrom: null };
    const { count } = await store.count(scope, { op: 'lt', field: 'createdAt', value: before }, null);
    if (count > 0) all.push({ organizationId: id, before, logs: count });
  }
  return all;
}

/** Returns the time before which logs are deleted; null if the plan keeps all logs or is unknown. */
async function purgeCutoff(store: Store, id: string, { plans, grace, now }: PurgeOptions) {
  const organization = await store.findOrganization(id);
  const plan = plans.get(organization?.plan ?? '');
  return plan === undefined ? null : purgeBefore(plan, now(), grace);
}
