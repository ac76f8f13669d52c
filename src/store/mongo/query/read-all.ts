import { type Collection, type Document, type Filter, Long } from 'mongodb';
import type { Connection } from '../connection.ts';
import { mayPass } from '../errors.ts';

/** A find that returns `limit` documents at most. */
export interface BoundedFind<D> {
  readonly filter: Filter<D>;
  readonly limit: number;
  /** The index's name. */
  readonly hint: string;
  readonly sort?: Readonly<Record<string, 1 | -1>>;
  readonly projection?: Readonly<Record<string, 0 | 1>>;
}

/**
 * All that a find returns. As one command, whose reply is decoded as a whole: a quarter to a half more pages a second than
 * by a cursor, which takes each document apart twice, and whose remains V8 carries from one collection to the next (the
 * driver keeps its cursors in a `Set`). A cursor does it if one reply does not hold all, and where the command may
 * succeed when it is sent once more, which the driver does for cursors alone.
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
    if (!mayPass(error)) throw error;
  }
  const { filter, ...options } = find;
  const cursor = collection.find(filter, { ...options, ...connection.budget(), batchSize: find.limit + 1 });
  return (await cursor.toArray()) as D[];
}

interface FindReply<D> extends Document {
  /** `id` is 0 if there is no more, and a `Long` if it is too large for a number. */
  readonly cursor: { readonly id: number | Long; readonly firstBatch: D[] };
}

/** Null if one reply did not hold all. */
async function inOneReply<D extends Document>(
  { db, budget }: Pick<Connection, 'db' | 'budget'>,
  collection: Collection<D>,
  { sort = {}, ...find }: BoundedFind<D>,
): Promise<D[] | null> {
  const { collectionName: name, readPreference, readConcern } = collection;
  const { maxTimeMS, signal } = budget();
  const options = { ...(readPreference && { readPreference }), ...(signal && { signal }) };
  const level = readConcern?.level;
  const command = {
    find: name,
    ...find,
    // As the driver's cursors do: some servers refuse one that says nothing.
    ...(Object.keys(sort).length > 0 && { sort }),
    // One more than the limit, as the driver asks: of equal numbers, some servers leave the cursor open.
    batchSize: find.limit + 1,
    maxTimeMS,
    ...(level && { readConcern: { level } }),
  };
  const { id, firstBatch } = ((await db.command(command, options)) as FindReply<D>).cursor;
  if (id === 0) return firstBatch;
  // Behind several routers it may reach another one; the server then ends the cursor by itself, when it was idle for long.
  db.command({ killCursors: name, cursors: [Long.fromValue(id)] }).catch(() => undefined);
  return firstBatch.length === find.limit ? firstBatch : null;
}
