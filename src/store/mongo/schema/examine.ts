import { isDeepStrictEqual } from 'node:util';
import type { CollectionInfo, Document, IndexDescriptionInfo } from 'mongodb';
import type { Connection } from '../connection.ts';
import { COLLECTIONS, type DeclaredCollection, type DeclaredIndex, validatorOf } from './collections.ts';
import type { Finding } from './finding.ts';
import { examineShards } from './shards.ts';

/** Compares the server's collections, indexes and validators with the declaration; changes nothing. */
export async function examine(connection: Connection): Promise<Finding[]> {
  const { db } = connection;
  const infos = await db.listCollections({}, { nameOnly: false }).toArray();
  const findings = Object.values<DeclaredCollection>(COLLECTIONS).map(async (collection) => {
    const info = infos.find(({ name }) => name === collection.name);
    if (info === undefined) return [missingCollection(collection)];
    const indexes = await db.collection(collection.name).indexes();
    return [...validatorFindings(collection, info), ...indexFindings(collection, indexes)];
  });
  return [...(await Promise.all(findings)).flat(), ...(await examineShards(connection))];
}

function missingCollection(collection: DeclaredCollection): Finding {
  const message = `The collection ${collection.name} is missing; it would be made, with its indexes.`;
  return { kind: 'collection', collection, state: 'missing', message };
}

function validatorFindings(collection: DeclaredCollection, { options }: CollectionInfo): Finding[] {
  const found = options?.validator;
  if (isDeepStrictEqual(found, validatorOf(collection))) return [];
  const label = `The validator of ${collection.name}`;
  if (found === undefined) {
    const message = `${label} is missing; it would be set. (Servers that do not report validators never show it.)`;
    return [{ kind: 'validator', collection, state: 'missing', message }];
  }
  const message = `${label} is another than declared; it is left. Remove it by collMod to have ours set.`;
  return [{ kind: 'validator', collection, state: 'different', message }];
}

function indexFindings(collection: DeclaredCollection, found: readonly IndexDescriptionInfo[]): Finding[] {
  const ours = collection.indexes.flatMap((index): Finding[] => {
    const label = `The index ${index.name} of ${collection.name}`;
    const finding = { kind: 'index', collection } as const;
    const named = found.find(({ name }) => name === index.name);
    if (named !== undefined) {
      if (isDeepStrictEqual(meaningOf(named), meaningOf(index))) return [];
      const message = `${label} is another than declared; it is left. Drop it to have ours built.`;
      return [{ ...finding, state: 'different', message }];
    }
    const twin = found.find((other) => isDeepStrictEqual(meaningOf(other), meaningOf(index)));
    if (twin !== undefined) {
      const message = `${label} is there under the name ${twin.name}; it is left. Drop it to have ours built.`;
      return [{ ...finding, state: 'different', message }];
    }
    return [{ ...finding, index, state: 'missing', message: `${label} is missing; it would be built.` }];
  });
  const known = ['_id_', ...collection.indexes.map(({ name }) => name)];
  const others = found.filter(
    (index) => !known.includes(index.name ?? '') && !isOfShardKey(index, collection),
  );
  return [
    ...ours,
    ...others.map(({ name }): Finding => {
      const message = `The index ${name} of ${collection.name} is not ours; it is left, and each write pays for it.`;
      return { kind: 'index', collection, state: 'not ours', message };
    }),
  ];
}

/** Whether it is the index that sharding the collection needs. */
function isOfShardKey({ key }: IndexDescriptionInfo, { shardKey = {} }: DeclaredCollection): boolean {
  return isDeepStrictEqual(Object.entries(key), Object.entries(shardKey));
}

/** What of an index decides which queries it answers and which documents it admits. */
function meaningOf(index: IndexDescriptionInfo | DeclaredIndex): Document {
  const { unique, sparse, hidden, expireAfterSeconds, collation, partialFilterExpression }: Document = index;
  return {
    // The order of the keys counts.
    key: Object.entries(index.key),
    unique: unique === true,
    sparse: sparse === true,
    hidden: hidden === true,
    expireAfterSeconds,
    collation,
    partialFilterExpression,
  };
}
