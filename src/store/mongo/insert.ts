import type { Collection, OptionalUnlessRequiredId } from 'mongodb';
import type { RecordedRequest } from '../../log/request-log.ts';
import type { InsertResult } from '../store.ts';
import type { Connection } from './connection.ts';
import { documentFromLog, documentFromPayload } from './documents.ts';
import { duplicatesOf } from './errors.ts';

/**
 * Inserts a batch: payloads first, then their logs, so no acknowledged log lacks its payload. To complete a batch that failed
 * midway, insert it again: ids are derived from the logs, so nothing is stored twice.
 */
export async function insertBatch(
  connection: Connection,
  batch: readonly RecordedRequest[],
): Promise<InsertResult> {
  const unique = withoutDuplicates(batch);
  await insertPayloads(connection, unique);
  // Logs that already exist are sent too, so the acknowledgement means that a majority has them as well.
  const documents = unique.map(({ log }) => documentFromLog(log));
  const stored = documents.length - (await insertAbsent(connection.logs, documents)).length;
  return { stored, duplicates: batch.length - stored };
}

/** Keeps the first log of each request id. */
function withoutDuplicates(batch: readonly RecordedRequest[]): RecordedRequest[] {
  const first = new Map<string, RecordedRequest>();
  for (const recorded of batch) {
    const key = requestKey(recorded.log);
    if (!first.has(key)) first.set(key, recorded);
  }
  return [...first.values()];
}

/** Inserts payloads. Existing logs keep their payload; a payload without a log, left by a failed batch, is replaced. */
async function insertPayloads(connection: Connection, batch: readonly RecordedRequest[]): Promise<void> {
  const withPayload = batch.filter(({ payload }) => payload !== null);
  if (withPayload.length === 0) return;
  const known = await knownRequests(connection, withPayload);
  const documents = withPayload
    .filter(({ log }) => !known.has(requestKey(log)))
    .map((recorded) => documentFromPayload(recorded)!);
  if (documents.length === 0) return;
  const leftovers = await insertAbsent(connection.payloads, documents);
  if (leftovers.length === 0) return;
  await connection.payloads.bulkWrite(
    leftovers.map((replacement) => {
      const { _id, organizationId } = replacement;
      return { replaceOne: { filter: { _id, organizationId }, replacement, upsert: true } };
    }),
    { ordered: false },
  );
}

async function knownRequests({ logs }: Connection, batch: readonly RecordedRequest[]): Promise<Set<string>> {
  const byOrganization = Map.groupBy(batch, ({ log }) => log.organizationId);
  const found = [...byOrganization].map(([organizationId, own]) =>
    logs
      .find(
        { organizationId, requestId: { $in: own.map(({ log }) => log.requestId) } },
        // A secondary may not have the acknowledged logs yet.
        { projection: { _id: 0, organizationId: 1, requestId: 1 }, readPreference: 'primary' },
      )
      .toArray(),
  );
  return new Set((await Promise.all(found)).flat().map(requestKey));
}

/** Inserts the documents that do not exist yet; returns those that already existed. */
async function insertAbsent<D extends { _id: string }>(
  collection: Collection<D>,
  documents: readonly D[],
): Promise<D[]> {
  if (documents.length === 0) return [];
  try {
    await collection.insertMany(documents as readonly OptionalUnlessRequiredId<D>[], { ordered: false });
    return [];
  } catch (error) {
    return duplicatesOf(error).map((index) => documents[index]!);
  }
}

function requestKey({ organizationId, requestId }: { organizationId: string; requestId: string }): string {
  return `${organizationId}\0${requestId}`;
}
