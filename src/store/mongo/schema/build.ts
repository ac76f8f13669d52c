import type { Db, Document } from 'mongodb';
import { unavailable } from '../../unavailable.ts';
import type { Connection } from '../connection.ts';
import { isDuplicate } from '../errors.ts';
import { validatorOf } from './collections.ts';
import { ensureCollection } from './create.ts';
import type { Finding } from './finding.ts';
import { shard } from './shards.ts';

export interface BuildProgress {
  readonly finding: Finding;
  /** Progress from 0 to 1; null if the server does not report it. */
  readonly done: number | null;
}

const POLL_MS = 1_000;

/**
 * Creates what is missing, one finding after the other; the store can be used meanwhile. Existing objects are not changed.
 *
 * @param onProgress called for each finding at its start (0), every second while an index is built, and at its end (1).
 * @throws RelaylogError UNAVAILABLE if existing documents violate a unique index.
 */
export async function build(
  connection: Connection,
  findings: readonly Finding[],
  onProgress: (progress: BuildProgress) => void = () => {},
): Promise<void> {
  for (const finding of findings.filter(({ state }) => state === 'missing')) {
    const report = (done: number | null) => onProgress({ finding, done });
    report(0);
    await buildOne(connection, finding, report);
    report(1);
  }
}

async function buildOne(connection: Connection, finding: Finding, report: (done: number | null) => void) {
  const { db } = connection;
  const { kind, collection, index } = finding;
  if (kind === 'collection') return ensureCollection(connection, collection);
  if (kind === 'sharding') return shard(connection, collection);
  if (kind === 'validator')
    return db.command({ collMod: collection.name, validator: validatorOf(collection) });
  const polling = setInterval(() => void progressOf(db, collection.name).then(report), POLL_MS);
  try {
    await db.collection(collection.name).createIndexes([index!]);
  } catch (error) {
    if (!isDuplicate(error)) throw error;
    throw unavailable(`the index ${index!.name} cannot be unique: some logs share a request id`);
  } finally {
    clearInterval(polling);
  }
}

/** Returns the progress of building an index of the collection, from 0 to 1; null if the server does not report it. */
async function progressOf(db: Db, collection: string): Promise<number | null> {
  const building = { 'command.createIndexes': collection, progress: { $exists: true } };
  try {
    const { inprog } = await db.admin().command({ currentOp: 1, ...building });
    const [operation] = inprog as Document[];
    return operation === undefined ? null : operation.progress.done / operation.progress.total;
  } catch {
    // Some servers and users do not permit this command; the index is built anyway.
    return null;
  }
}
