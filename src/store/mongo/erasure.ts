import type { RecordedRequest } from '../../log/request-log.ts';
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
import type { Connection } from './connection.ts';
import type { LogDocument } from './documents.ts';
import { findLogs } from './logs.ts';

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
  on: Connection,
  erasure: Erasure,
  after: ErasureStep['next'],
): Promise<ErasureStep> {
  const logs = on.db.collection<LogDocument>(on.logs.collectionName, { readPreference: 'primary' });
  const found = await findLogs({ ...on, logs }, erasureQuery(erasure, after ?? undefined));
  const next = nextStep(found);
  const deleted = await deleteLogs(on, erasure.organizationId, matching(erasure, found));
  if (next === null && erasure.match === null) await deletePayloads(on, erasure.organizationId);
  return { deleted, next };
}

/** Deletes the payloads first: if it fails midway, their logs still exist, and the next step deletes them. */
async function deleteLogs(on: Connection, organizationId: string, ids: readonly string[]): Promise<number> {
  if (ids.length === 0) return 0;
  const these = { organizationId, _id: { $in: [...ids] } };
  await on.payloads.deleteMany(these);
  return (await on.logs.deleteMany(these)).deletedCount;
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
