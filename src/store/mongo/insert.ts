import type { Collection, OptionalUnlessRequiredId } from 'mongodb';
import type { RecordedRequest } from '../../log/request-log.ts';
import type { InsertResult } from '../store.ts';
import type { Connection } from './connection.ts';
import { documentFromLog, documentFromPayload } from './documents.ts';
import { duplicatesOf } from './errors.ts';

/**
 * Writes a batch: payloads first, then their logs, so that no acknowledged log lacks its payload. A batch that was cut
 * short is completed by sending it again, as each id follows from its log.
 */
export async function insertBatch(
  connection: Connection,
  batch: readonly RecordedRequest[],
): Promise<InsertResult> {
  const unique = firstOfEach(batch);
  await insertPayloads(connection, unique);
  // Logs that are there already are sent as well: the answer then waits until a majority has them, too.
  const documents = unique.map(({ log }) => documentFromLog(log));
  const stored = documents.length - (await insertAbsent(connection.logs, documents)).length;
  return { stored, duplicates: batch.length - stored };
}

/** Of the logs that share a request id, the first. */
function firstOfEach(batch: readonly RecordedRequest[]): RecordedRequest[] {
  const first = new Map<string, RecordedRequest>();
  for (const recorded of batch) {
    const key = requestKey(recorded.log);
    if (!first.has(key)) first.set(key, recorded);
  }
  return [...first.values()];
}

/** A log that is there keeps the payload that it has; a leftover of a batch that was cut short is replaced. */
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
        // A secondary may not know yet what was acknowledged.
        { projection: { _id: 0, organizationId: 1, requestId: 1 }, readPreference: 'primary' },
      )
      .toArray(),
  );
  return new Set((await Promise.all(found)).flat().map(requestKey));
}

/** Inserts what is not there; returns what was. */
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
