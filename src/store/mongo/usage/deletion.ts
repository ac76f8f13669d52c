import { setTimeout } from 'node:timers/promises';
import { type UsageEntry, usageEntries } from '../../../usage/usage.ts';
import type { Connection } from '../connection.ts';
import { duplicatesOf, isDuplicate } from '../errors.ts';
import { deleteLogs } from '../stats/delete-logs.ts';
import { type DeletionDocument, entryId, type PendingDeletion } from './documents.ts';

/** Another process that began a deletion is probably dead after this time, in milliseconds. */
const TAKE_OVER_MS = 2_000;
/** The longest time that a deletion waits for readers of the usage, in milliseconds. */
const MAX_QUIET_MS = 10_000;
const WAIT_MS = 20;

/**
 * Deletes logs, and entries of API keys that are erased, and adds their usage to the ledger: all of it, whatever fails. The
 * deletions of an organization run one after another, in all processes. Each is first written down. If its process dies, the next
 * deletion of the organization does what is left of it.
 *
 * @param choose selects what to delete, from the primary; null if there is nothing. It is called again if another deletion was faster.
 * @returns what was deleted; null if there was nothing.
 */
export async function deleteCounted<C extends PendingDeletion>(
  on: Connection,
  organizationId: string,
  choose: () => Promise<C | null>,
): Promise<C | null> {
  for (;;) {
    const last = await lastDeletion(on, organizationId);
    const chosen = await choose();
    if (chosen === null) return null;
    const { logs, entries } = chosen;
    const number = last.number + 1;
    if (!(await begin(on, organizationId, number, { logs, entries }))) continue;
    await finish(on, organizationId, number, { logs, entries });
    return chosen;
  }
}

/** Deletes everything about the usage of an organization that was deleted. */
export async function deleteUsage(on: Connection, organizationId: string): Promise<void> {
  await lastDeletion(on, organizationId);
  await on.usage.deleteMany({ organizationId });
  await on.deletions.deleteOne({ _id: organizationId });
}

/** Returns the last deletion when it is done. If it makes no progress, its process is dead, and the rest is done here. */
async function lastDeletion(
  on: Connection,
  organizationId: string,
): Promise<Pick<DeletionDocument, 'number'>> {
  let seen = 0;
  let since = 0;
  const start = performance.now();
  for (;;) {
    const last = await on.deletions.findOne({ _id: organizationId }, on.budget());
    if (last === null) return { number: 0 };
    const { number, pending, quietUntil } = last;
    const now = performance.now();
    if (pending === null) {
      const isQuiet = quietUntil.getTime() > Date.now() && now - start < MAX_QUIET_MS;
      if (!isQuiet) return last;
    } else if (number !== seen) {
      [seen, since] = [number, now];
    } else if (now - since >= TAKE_OVER_MS) {
      await finish(on, organizationId, number, pending);
    }
    await setTimeout(WAIT_MS);
  }
}

/** Returns false if another deletion was begun meanwhile. */
async function begin(
  { deletions }: Connection,
  organizationId: string,
  number: number,
  pending: PendingDeletion,
): Promise<boolean> {
  if (number > 1) {
    const last = { _id: organizationId, number: number - 1, pending: null };
    return (await deletions.updateOne(last, { $set: { number, pending } })).matchedCount === 1;
  }
  try {
    await deletions.insertOne({ _id: organizationId, number, pending, quietUntil: new Date(0) });
    return true;
  } catch (error) {
    if (isDuplicate(error)) return false;
    throw error;
  }
}

/** Does what is left of a deletion. Several processes may do it at the same time. */
async function finish(
  on: Connection,
  organizationId: string,
  number: number,
  { logs, entries }: PendingDeletion,
): Promise<void> {
  await deleteLogs(
    on,
    organizationId,
    logs.map(({ id }) => id),
  );
  // An organization that does not exist has no ledger; see `deleteUsage`.
  if ((await on.organizations.findOne({ _id: organizationId }, on.budget())) === null) {
    await on.usage.deleteMany({ organizationId });
    await on.deletions.deleteOne({ _id: organizationId, number });
    return;
  }
  await addUsage(on, organizationId, number, addedUsage({ logs, entries }));
  if (entries.length > 0) await on.usage.deleteMany({ _id: { $in: entries.map(({ _id }) => _id) } });
  await on.deletions.updateOne({ _id: organizationId, number }, { $set: { pending: null } });
}

/** What a deletion adds to the ledger. */
export function addedUsage({ logs, entries }: PendingDeletion): UsageEntry[] {
  return usageEntries([...logs, ...entries.map((entry) => ({ ...entry, apiKeyId: null }))]);
}

/** Adds usage to entries to which this deletion has not been added. */
async function addUsage(
  { usage }: Connection,
  organizationId: string,
  deletion: number,
  added: readonly UsageEntry[],
): Promise<void> {
  if (added.length === 0) return;
  const updates = added.map(({ day, endpointType, apiKeyId, ...sums }) => ({
    updateOne: {
      filter: { _id: entryId(organizationId, { day, endpointType, apiKeyId }), deletion: { $lt: deletion } },
      update: {
        $inc: sums,
        $set: { deletion },
        $setOnInsert: { organizationId, day, endpointType, apiKeyId },
      },
      upsert: true,
    },
  }));
  try {
    await usage.bulkWrite(updates, { ordered: false });
  } catch (error) {
    // The entry exists but did not match: the deletion has been added to it.
    duplicatesOf(error);
  }
}
