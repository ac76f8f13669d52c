import type { RecordedRequest } from '../../log/request-log.ts';
import { USAGE_FIELDS } from '../../usage/usage.ts';
import {
  ERASURE_STEP,
  type Erasure,
  type ErasureStep,
  erasureQuery,
  matching,
  nextStep,
  organizationDeleted,
} from '../erasure.ts';
import type { DeletedOrganization } from '../store.ts';
import { isOnePage, MONGO_PATHS } from './access-paths.ts';
import { type Connection, withPrimary } from './connection.ts';
import { findLogs } from './logs.ts';
import { deleteLogs } from './stats/delete-logs.ts';
import { deleteCounted, deleteUsage } from './usage/deletion.ts';
import { deletedLog } from './usage/documents.ts';

/** Deletes the organization before its keys: an insert that ends later finds that it is gone (see `requireOrganization`). */
export async function deleteOrganization(
  { organizations, keys }: Connection,
  id: string,
): Promise<DeletedOrganization> {
  const { deletedCount } = await organizations.deleteOne({ _id: id });
  const { deletedCount: deletedKeys } = await keys.deleteMany({ organizationId: id });
  return { existed: deletedCount === 1, keys: deletedKeys };
}

/** One step of an erasure. It reads from the primary: a secondary may not have the newest logs yet. */
export async function eraseStep(
  connection: Connection,
  { organizationId, match }: Erasure,
  after: ErasureStep['next'],
): Promise<ErasureStep> {
  const on = withPrimary(connection);
  const query = erasureQuery({ organizationId, match }, after ?? undefined, (one) =>
    isOnePage(one, MONGO_PATHS.planPage(one)),
  );
  if (match === null) {
    const found = await findLogs(on, query);
    const next = nextStep(found);
    const deleted = await deleteLogs(on, organizationId, matching({ organizationId, match }, found));
    if (next === null) {
      await deletePayloads(on, organizationId);
      await deleteUsage(on, organizationId);
    }
    return { deleted, next };
  }
  let next: ErasureStep['next'] = null;
  const deleted = await deleteCounted(on, organizationId, async () => {
    const found = await findLogs(on, { ...query, fields: [match.field, ...USAGE_FIELDS] });
    next = nextStep(found);
    const ids = new Set(matching({ organizationId, match }, found));
    const logs = found.filter(({ id }) => ids.has(id)).map((log) => ({ ...deletedLog(log), apiKeyId: null }));
    // Between the first and the last step, a purge may add to the ledger.
    const isEnd = after === null || next === null;
    const entries =
      isEnd && match.field === 'apiKeyId' ? await entriesOf(on, organizationId, match.value) : [];
    return logs.length + entries.length === 0 ? null : { logs, entries };
  });
  return { deleted: deleted?.logs.length ?? 0, next };
}

/** The entries of the ledger with an API key. */
function entriesOf({ usage, budget }: Connection, organizationId: string, apiKeyId: string) {
  return usage.find({ organizationId, apiKeyId }, budget()).toArray();
}

/** Deletes the payloads of an organization that no log has: failed batches leave them. */
async function deletePayloads({ payloads, budget }: Connection, organizationId: string): Promise<void> {
  const options = { ...budget(), projection: { _id: 1 }, limit: ERASURE_STEP, hint: 'organization' } as const;
  for (;;) {
    const left = await payloads.find({ organizationId }, { ...options, readPreference: 'primary' }).toArray();
    if (left.length === 0) return;
    await payloads.deleteMany({ organizationId, _id: { $in: left.map(({ _id }) => _id) } });
  }
}

/**
 * Deletes a batch that was inserted while its organization was being deleted. The erasure deletes the organization first: a
 * batch that it does not see is inserted later, and this check follows the insertion.
 *
 * @throws RelaylogError UNAUTHENTICATED if the organization does not exist.
 */
export async function requireOrganization(
  on: Connection,
  id: string,
  batch: readonly RecordedRequest[],
): Promise<void> {
  if ((await on.organizations.findOne({ _id: id }, on.budget())) !== null) return;
  await deleteLogs(
    on,
    id,
    batch.map(({ log }) => log.id),
  );
  throw organizationDeleted();
}

/** Deletes the rate-limit buckets of an organization; see `bucketName`. */
export async function deleteBuckets({ buckets }: Connection, organizationId: string): Promise<void> {
  await buckets.deleteMany({ _id: { $regex: `^[^/]+/${RegExp.escape(organizationId)}$` } });
}
