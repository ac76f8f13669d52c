import { randomBytes } from 'node:crypto';
import { Binary, MongoServerError } from 'mongodb';
import { COLLECTIONS, type DeclaredCollection } from './collections.ts';
import type { Connection } from './connection.ts';
import { isDuplicate, unavailable } from './errors.ts';

const NAMESPACE_EXISTS = 48;
const MAX_MS = 10_000;
const SECRET = 'cursor_secret';

/**
 * Makes what is missing: collections, their validators, the indexes of collections that are empty. Several processes
 * may do so at once. Indexes of a filled collection take long: `doctor` builds those.
 *
 * @throws RelaylogError UNAVAILABLE where a filled collection lacks an index that keeps out doubles.
 */
export async function ensureSchema(connection: Connection): Promise<void> {
  for (const collection of Object.values(COLLECTIONS)) await ensureCollection(connection, collection);
}

async function ensureCollection({ db }: Connection, { name, schema, indexes }: DeclaredCollection) {
  const exists = await db.listCollections({ name }, { nameOnly: true }).hasNext();
  if (!exists) await createCollection();
  const collection = db.collection(name);
  const present = new Set((await collection.indexes()).map((index) => index.name));
  const missing = indexes.filter((index) => !present.has(index.name));
  if (missing.length === 0) return;
  const isEmpty = (await collection.findOne({}, { projection: { _id: 1 }, maxTimeMS: MAX_MS })) === null;
  if (isEmpty) await collection.createIndexes([...missing], { maxTimeMS: MAX_MS });
  else if (missing.some((index) => index.unique)) {
    throw unavailable(`the collection ${name} lacks its unique index; run relaylog doctor`);
  }

  async function createCollection() {
    try {
      await db.createCollection(name, { validator: { $jsonSchema: schema }, maxTimeMS: MAX_MS });
    } catch (error) {
      if (!(error instanceof MongoServerError && error.code === NAMESPACE_EXISTS)) throw error;
    }
  }
}

/** The installation's secret, made by whoever asks first. */
export async function ensureSecret({ settings }: Connection): Promise<Buffer> {
  const kept = await settings.findOne({ _id: SECRET }, { maxTimeMS: MAX_MS });
  if (kept !== null) return Buffer.from(kept.value.buffer);
  try {
    await settings.insertOne({ _id: SECRET, value: new Binary(randomBytes(32)) });
  } catch (error) {
    if (!isDuplicate(error)) throw error;
  }
  return ensureSecret({ settings } as Connection);
}
