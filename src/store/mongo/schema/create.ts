import { randomBytes } from 'node:crypto';
import { setTimeout } from 'node:timers/promises';
import { Binary, type CollectionInfo, MongoServerError } from 'mongodb';
import type { Connection } from '../connection.ts';
import { isDuplicate } from '../errors.ts';
import { COLLECTIONS, type DeclaredCollection, validatorOf } from './collections.ts';
import { collectionInfos, examineCollection } from './examine.ts';
import type { Finding } from './finding.ts';

const NAMESPACE_EXISTS = 48;
const MAX_MS = 10_000;
const ATTEMPTS = 5;
const SECRET = 'cursor_secret';

/**
 * Creates missing collections with their validators, and the missing indexes of empty collections. Several processes can do
 * this at the same time. Indexes of a collection with documents take long to build; `doctor` builds those.
 *
 * @returns the differences of the collections and their indexes that remain.
 */
export async function ensureSchema(connection: Connection): Promise<Finding[]> {
  const infos = await collectionInfos(connection);
  const findings: Finding[] = [];
  for (const collection of Object.values<DeclaredCollection>(COLLECTIONS)) {
    findings.push(...(await ensureCollection(connection, collection, infos.get(collection.name))));
  }
  return findings;
}

/**
 * Creates a collection with its validator, and its indexes if it is empty.
 *
 * @param existing the server's description of the collection; undefined if it does not exist.
 */
export async function ensureCollection(
  connection: Connection,
  declared: DeclaredCollection,
  existing?: CollectionInfo,
): Promise<Finding[]> {
  const info = existing ?? (await createCollection(connection, declared));
  const before = await examineCollection(connection, declared, info);
  if (missingIndexes(declared, before).length === 0) return before;
  const collection = connection.db.collection(declared.name, { readPreference: 'primary' });
  // Keep this order: a process that inserts documents has created the indexes before.
  const isEmpty = (await collection.findOne({}, { projection: { _id: 1 }, maxTimeMS: MAX_MS })) === null;
  const after = await examineCollection(connection, declared, info);
  const missing = missingIndexes(declared, after);
  if (!isEmpty || missing.length === 0) return after;
  await withRetries(() => collection.createIndexes(missing, { maxTimeMS: MAX_MS }));
  return examineCollection(connection, declared, info);
}

function missingIndexes({ indexes }: DeclaredCollection, findings: readonly Finding[]) {
  return indexes.filter(({ name }) =>
    findings.some(({ state, index }) => state === 'missing' && index?.name === name),
  );
}

async function createCollection({ db }: Connection, declared: DeclaredCollection): Promise<CollectionInfo> {
  const { name } = declared;
  const validator = validatorOf(declared);
  try {
    await db.createCollection(name, { validator, maxTimeMS: MAX_MS });
  } catch (error) {
    if (!(error instanceof MongoServerError && error.code === NAMESPACE_EXISTS)) throw error;
  }
  const [info] = (await db.listCollections({ name }, { nameOnly: false }).toArray()) as CollectionInfo[];
  if (info === undefined) throw new Error(`The collection ${name} was dropped while it was created.`);
  if (info.type === 'collection' && info.options?.validator === undefined) {
    // DocumentDB ignores the validator of a new collection. A user without the role dbAdmin may not set it; doctor reports that.
    await withRetries(() => db.command({ collMod: name, validator })).catch(() => undefined);
  }
  return info;
}

/** Runs a command with retries: some servers fail if two processes change a collection at the same time. */
async function withRetries(command: () => Promise<unknown>): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    try {
      await command();
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
