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
 * Creates missing collections with their validators, and the missing indexes of empty collections. Several processes can do
 * this at the same time. Indexes of a collection with documents take long to build; `doctor` builds those.
 *
 * @throws RelaylogError UNAVAILABLE if a collection with documents lacks a unique index.
 */
export async function ensureSchema(connection: Connection): Promise<void> {
  for (const collection of Object.values(COLLECTIONS)) await ensureCollection(connection, collection);
}

/** Creates a collection with its validator, and its indexes if it is empty. */
export async function ensureCollection({ db }: Connection, declared: DeclaredCollection): Promise<void> {
  const { name, indexes } = declared;
  const collection = db.collection(name, { readPreference: 'primary' });
  const exists = await db.listCollections({ name }, { nameOnly: true }).hasNext();
  if (!exists) await createCollection(db, declared);
  // Keep this order: a process that inserts documents has created the indexes before.
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

/** Creates indexes, with retries: some servers fail if two processes create the same index at the same time. */
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

/** Returns the installation's secret. The first process that reads it creates it. */
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
