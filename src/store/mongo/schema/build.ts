import { type Db, type Document, MongoServerError } from 'mongodb';
import type { Connection } from '../connection.ts';
import { translateError } from '../errors.ts';
import { type DeclaredCollection, type DeclaredIndex, validatorOf } from './collections.ts';
import { ensureCollection } from './create.ts';
import { describeDuplicates } from './duplicates.ts';
import type { Finding } from './finding.ts';
import { shard } from './shards.ts';

export interface BuildProgress {
  readonly finding: Finding;
  /** Progress from 0 to 1; null if the server does not report it. */
  readonly done: number | null;
}

/** A finding that the server rejected to fix. */
export interface BuildFailure {
  readonly finding: Finding;
  /** The finding and the reason, as sentences for the operator. */
  readonly message: string;
}

const POLL_MS = 1_000;
const UNAUTHORIZED = 13;

const BUILD_WARNING =
  'While an index is built, MongoDB continues to serve reads and writes. DocumentDB blocks writes to the collection until the ' +
  'index is complete, and reads too if the index is unique: about two seconds for 40,000 logs. Ingest requests wait meanwhile ' +
  'and may get a 503; sending them again is safe.';

/** Returns what `build` blocks while it runs; null if it blocks nothing. */
export function warningFor(findings: readonly Finding[]): string | null {
  const buildsIndex = findings.some(({ kind, state }) => kind === 'index' && state === 'missing');
  return buildsIndex ? BUILD_WARNING : null;
}

/**
 * Creates what is missing, one finding after the other, and continues if the server rejects one. Existing objects are not
 * changed.
 *
 * @param onProgress called for each finding at its start (0), every second while an index is built, and at its end (1).
 * @returns what the server rejected.
 */
export async function build(
  connection: Connection,
  findings: readonly Finding[],
  onProgress: (progress: BuildProgress) => void = () => {},
): Promise<BuildFailure[]> {
  const failures: BuildFailure[] = [];
  for (const finding of findings.filter(({ state }) => state === 'missing')) {
    const report = (done: number | null) => onProgress({ finding, done });
    report(0);
    try {
      await buildOne(connection, finding, report);
      report(1);
    } catch (error) {
      if (!(error instanceof MongoServerError)) throw error;
      failures.push({ finding, message: await describeFailure(connection, finding, error) });
    }
  }
  return failures;
}

async function buildOne(connection: Connection, finding: Finding, report: (done: number | null) => void) {
  const { db } = connection;
  const { kind, collection } = finding;
  if (kind === 'collection') return ensureCollection(connection, collection);
  if (kind === 'sharding') return shard(connection, collection);
  if (kind === 'validator')
    return db.command({ collMod: collection.name, validator: validatorOf(collection) });
  const polling = setInterval(() => void progressOf(db, collection.name).then(report), POLL_MS);
  try {
    await db.collection(collection.name).createIndexes([declaredIndex(finding)!]);
  } finally {
    clearInterval(polling);
  }
}

function declaredIndex({ collection, index }: Finding): DeclaredIndex | undefined {
  const { indexes }: DeclaredCollection = collection;
  return indexes.find(({ name }) => name === index?.name);
}

async function describeFailure(
  connection: Connection,
  finding: Finding,
  error: MongoServerError,
): Promise<string> {
  const { message, collection } = finding;
  if (error.code === UNAUTHORIZED) {
    return `${message} Failed: the database user lacks permissions; a validator needs the role dbAdmin, sharding clusterManager.`;
  }
  const index = declaredIndex(finding);
  // Some servers report duplicates as an internal error only.
  const duplicates = index?.unique ? await describeDuplicates(connection, collection, index) : null;
  const reason = duplicates ?? (translateError(error) as Error).message.replace(/\.$/, '');
  return `${message} Failed: ${reason}.`;
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
