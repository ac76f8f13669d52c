import type { Collection, OptionalUnlessRequiredId } from 'mongodb';
import type { RecordedRequest } from '../../log/request-log.ts';
import type { InsertResult } from '../store.ts';
import { unavailable } from '../unavailable.ts';
import type { Connection } from './connection.ts';
import { documentFromLog, documentFromPayload } from './documents.ts';
import { duplicatesOf } from './errors.ts';
import { type ChangedHours, hoursOf, markHours, whileMarked } from './stats/marks.ts';

/**
 * Inserts a batch: payloads first, then their logs, so no acknowledged log lacks its payload. The hours of the logs are marked as
 * changed before. To complete a batch that failed
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
  const duplicates = await whileMarked(
    () => markHours(connection, changedHours(unique)),
    () => insertAbsent(connection.logs, documents),
  );
  await assertStored(connection, duplicates);
  const stored = documents.length - duplicates.length;
  return { stored, duplicates: batch.length - stored };
}

/** @throws RelaylogError UNAVAILABLE if a log that was rejected as a duplicate does not exist: another unique index rejected it. */
async function assertStored(connection: Connection, rejected: readonly RequestKey[]): Promise<void> {
  if (rejected.length === 0) return;
  const known = await knownRequests(connection, rejected);
  if (rejected.some((log) => !known.has(requestKey(log)))) {
    throw unavailable('a unique index that Relaylog does not declare rejected logs; run relaylog doctor');
  }
}

function changedHours(batch: readonly RecordedRequest[]): Map<string, ChangedHours> {
  const byOrganization = Map.groupBy(batch, ({ log }) => log.organizationId);
  return new Map([...byOrganization].map(([id, own]) => [id, hoursOf(own.map(({ log }) => log.createdAt))]));
}

interface RequestKey {
  readonly organizationId: string;
  readonly requestId: string;
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
  const known = await knownRequests(
    connection,
    withPayload.map(({ log }) => log),
  );
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

/** Returns the keys of the requests that are stored. */
async function knownRequests(
  { logs }: Connection,
  requests: readonly RequestKey[],
): Promise<ReadonlySet<string>> {
  const byOrganization = Map.groupBy(requests, ({ organizationId }) => organizationId);
  const found = [...byOrganization].map(([organizationId, own]) =>
    logs
      .find(
        { organizationId, requestId: { $in: own.map(({ requestId }) => requestId) } },
        {
          projection: { _id: 0, organizationId: 1, requestId: 1 },
          // A secondary may not have the acknowledged logs yet, and a majority may not have logs that were just written.
          readPreference: 'primary',
          readConcern: { level: 'local' },
        },
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

function requestKey({ organizationId, requestId }: RequestKey): string {
  return `${organizationId}\0${requestId}`;
}
