import { MATCH_ALL } from '../log/filter.ts';
import type { PageBound } from '../log/query.ts';
import { positionOf } from '../log/sort.ts';
import { BatchWriter } from './batch-writer.ts';
import { copyUsage, isSameUsage } from './copy-usage.ts';
import { type Digest, DigestBuilder, digestOf } from './digest.ts';
import { batchesOf } from './scan.ts';
import type { InsertResult, Store } from './store.ts';

export interface CopyOptions {
  /** Number of logs per batch. Default: 1,000. */
  readonly batchSize?: number;
  /** Called after each batch. */
  readonly onProgress?: (progress: CopyProgress) => void;
}

export interface CopyProgress {
  readonly organizationId: string;
  readonly step: 'copying' | 'checking the source' | 'checking the target';
  /** Number of logs processed so far in this step. */
  readonly logs: number;
}

/** The result of the copy for one organization: compares its logs, and the usage of deleted logs, in both stores. */
export interface CopiedOrganization {
  readonly organizationId: string;
  /** Number of logs that this run added to the target. */
  readonly stored: number;
  readonly from: Digest;
  readonly to: Digest;
  /** Whether the usage of deleted logs is the same. */
  readonly sameUsage: boolean;
  /** Whether the logs and the usage of deleted logs are the same. */
  readonly same: boolean;
}

/**
 * Copies organizations, keys, the usage of deleted logs, logs and payloads, then compares both stores by digest. If the target is new, the secret is
 * copied too. A repeated run resumes at the newest log of the target; if the digests of an organization then differ, it
 * copies that organization again from its first log. The digest of a source that is copied from its first log is that of the
 * logs that were read. Logs that are written to the source during a run are copied by the next run.
 */
export async function copyStore(
  from: Store,
  to: Store,
  { batchSize = 1_000, onProgress = () => {} }: CopyOptions = {},
): Promise<CopiedOrganization[]> {
  // A new installation accepts the cursors of the old one; an installation in use keeps its own secret.
  if ((await to.listOrganizations()).length === 0) await to.setSecret(await from.secret());
  const results: CopiedOrganization[] = [];
  for (const organization of await from.listOrganizations()) {
    const { id } = organization;
    if (!(await to.createOrganization(organization))) await to.setPlan(id, organization.plan);
    await copyKeys(from, to, id);

    const progress = (step: CopyProgress['step']) => (logs: number) =>
      onProgress({ organizationId: id, step, logs });
    const copyFrom = (start: PageBound | undefined) =>
      copyLogs(from, to, id, start, batchSize, progress('copying'));
    const digestOfTarget = () => digestOf(to, id, batchSize, progress('checking the target'));
    await copyUsage(from, to, id);
    const start = await endOf(to, id, batchSize);
    let { stored, read } = await copyFrom(start);
    // A copy from the first log has read the whole source.
    let digests = {
      from: start === undefined ? read : await digestOf(from, id, batchSize, progress('checking the source')),
      to: await digestOfTarget(),
    };
    if (digests.from.digest !== digests.to.digest && start !== undefined) {
      const again = await copyFrom(undefined);
      stored += again.stored;
      digests = { from: again.read, to: await digestOfTarget() };
    }
    const sameUsage = await isSameUsage(from, to, id);
    const same = digests.from.digest === digests.to.digest && sameUsage;
    results.push({ organizationId: id, stored, ...digests, sameUsage, same });
  }
  await to.settled();
  return results;
}

async function copyKeys(from: Store, to: Store, organizationId: string): Promise<void> {
  const present = new Set((await to.listKeys(organizationId)).map((key) => key.id));
  for (const key of await from.listKeys(organizationId)) {
    if (!present.has(key.id)) await to.createKey(key);
    else if (key.revokedAt !== null) await to.revokeKey(key.id, key.revokedAt);
  }
}

/** The position one batch before the target's newest log, because its last batch may be incomplete. */
async function endOf(to: Store, organizationId: string, batchSize: number): Promise<PageBound | undefined> {
  const scope = { organizationId, visibleFrom: null };
  const query = {
    scope,
    filter: MATCH_ALL,
    sort: 'createdAt',
    direction: 'desc',
    limit: batchSize,
  } as const;
  const oldest = (await to.find(query))[batchSize - 1];
  return oldest && { ...positionOf(oldest, 'createdAt'), inclusive: true };
}

/** Returns the number of logs that the target did not have, and the digest of the logs that were read. */
async function copyLogs(
  from: Store,
  to: Store,
  organizationId: string,
  start: PageBound | undefined,
  batchSize: number,
  onProgress: (logs: number) => void,
): Promise<{ stored: number; read: Digest }> {
  let [stored, logs] = [0, 0];
  const digest = new DigestBuilder();
  const count = (result: InsertResult) => {
    stored += result.stored;
  };
  const writer = new BatchWriter(to, organizationId, count, batchSize);
  for await (const batch of batchesOf(from, organizationId, start, batchSize)) {
    digest.add(batch);
    for (const recorded of batch) {
      writer.add(recorded);
      if (writer.isDue) await writer.send();
    }
    logs += batch.length;
    onProgress(logs);
  }
  await writer.end();
  return { stored, read: digest.digest };
}
