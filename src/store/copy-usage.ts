import { isDeepStrictEqual } from 'node:util';
import type { UsageEntry } from '../usage/usage.ts';
import type { Store } from './store.ts';

/**
 * Copies the usage of deleted logs. Copy it before the logs, so that a log which the source deletes meanwhile makes the ledgers
 * differ. If the target has counted logs that the source has not, it has deleted logs of its own: its ledger is left as it is.
 */
export async function copyUsage(from: Store, to: Store, organizationId: string): Promise<void> {
  const source = byKey(await from.usageLedger(organizationId));
  const target = byKey(await to.usageLedger(organizationId));
  if (isDeepStrictEqual(source, target)) return;
  const isAhead = [...target].some(([key, { requests }]) => requests > (source.get(key)?.requests ?? 0));
  if (!isAhead) await to.replaceUsageLedger(organizationId, [...source.values()]);
}

/** Whether both stores have the same usage of deleted logs. */
export async function isSameUsage(from: Store, to: Store, organizationId: string): Promise<boolean> {
  return isDeepStrictEqual(
    byKey(await from.usageLedger(organizationId)),
    byKey(await to.usageLedger(organizationId)),
  );
}

function byKey(ledger: readonly UsageEntry[]): ReadonlyMap<string, UsageEntry> {
  return new Map(
    ledger.map((entry) => [JSON.stringify([entry.day, entry.endpointType, entry.apiKeyId]), entry]),
  );
}
