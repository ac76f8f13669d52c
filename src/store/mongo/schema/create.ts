import { randomBytes } from 'node:crypto';
import { setTimeout } from 'node:timers/promises';
import { Binary, type Db, MongoServerError } from 'mongodb';
import { unavailable } from '../../unavailable.ts';
import type { Connection } from '../connection.ts';
import { isDuplicate } from '../errors.ts';
import { COLLECTIONS, type DeclaredCollection, type DeclaredIndex, validatorOf } from './collections.ts';

const NAMESPACE_EXISTS = 48;
const MAX_MS = 10_000;
const ATTEMPTS = 5;
const SECRET = 'cursor_secret';

/**
 * Makes what is missing: collections, their validators, the indexes of collections that are empty. Several processes
 * may do so at once. Indexes of a filled collection take long: `doctor` builds those.
 *
 * @throws RelaylogError UNAVAILABLE if a filled collection lacks an index that keeps out doubles.
 */
export async function ensureSchema(connection: Connection): Promise<void> {
  for (const collection of Object.values(COLLECTIONS)) await ensureCollection(connection, collection);
}

/** One collection with its validator; with its indexes, if it is empty. */
export async function ensureCollection({ db }: Connection, declared: DeclaredCollection): Promise<void> {
  const { name, indexes } = declared;
  const collection = db.collection(name, { readPreference: 'primary' });
  const exists = await db.listCollections({ name }, { nameOnly: true }).hasNext();
  if (!exists) await createCollection(db, declared);
  // Looked at in this order: who fills it has made the indexes before.
  const isEmpty = (await collection.findOne({}, { projection: { _id: 1 }, maxTimeMS: MAX_MS })) === null;
  const present = (await collection.indexes()).map((index) => index.name);
  const missing = indexes.filter((index) => !present.includes(index.name));
  if (missing.length === 0) return;
  if (isEmpty) await createIndexes(db, declared, missing);
  else if (missing.some((index) => index.unique)) {
    throw unavailable(`the collection ${name} lacks its unique index; run relaylog doctor`);
  }
}

async function createCollection(db: Db, declared: DeclaredCollection): Promise<void> {
  try {
    await db.createCollection(declared.name, { validator: validatorOf(declared), maxTimeMS: MAX_MS });
  } catch (error) {
    if (!(error instanceof MongoServerError && error.code === NAMESPACE_EXISTS)) throw error;
  }
}

/** Tried again, as some servers fail one of two processes that make the same index at once. */
async function createIndexes(db: Db, { name }: DeclaredCollection, missing: readonly DeclaredIndex[]) {
  for (let attempt = 1; ; attempt++) {
    try {
      await db.collection(name).createIndexes([...missing], { maxTimeMS: MAX_MS });
      return;
    } catch (error) {
      if (!(error instanceof MongoServerError) || attempt === ATTEMPTS) throw error;
      await setTimeout(Math.random() * 100 * attempt);
    }
  }
}

/** The installation's secret, made by the first process that reads it. */
export async function ensureSecret({ settings }: Connection): Promise<Buffer> {
  const find = () => settings.findOne({ _id: SECRET }, { readPreference: 'primary', maxTimeMS: MAX_MS });
  const kept = await find();
  if (kept !== null) return Buffer.from(kept.value.buffer);
  const value = new Binary(randomBytes(32));
  try {
    await settings.insertOne({ _id: SECRET, value });
    return Buffer.from(value.buffer);
  } catch (error) {
    if (!isDuplicate(error)) throw error;
    return Buffer.from((await find())!.value.buffer);
  }
}

export async function replaceSecret({ settings }: Connection, secret: Buffer): Promise<void> {
  await settings.updateOne({ _id: SECRET }, { $set: { value: new Binary(secret) } }, { upsert: true });
}
