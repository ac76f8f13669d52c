import { isDeepStrictEqual } from 'node:util';
import type { CollectionInfo, Document, IndexDescriptionInfo } from 'mongodb';
import type { Connection } from '../connection.ts';
import { COLLECTIONS, type DeclaredCollection, type DeclaredIndex, validatorOf } from './collections.ts';
import type { Finding } from './finding.ts';
import { examineShards } from './shards.ts';

/** Compares the server's collections, indexes, validators and shard keys with the declared ones. Changes nothing. */
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
  const message = `The collection ${collection.name} is missing; doctor --build creates it with its indexes.`;
  return { kind: 'collection', collection, state: 'missing', message };
}

function validatorFindings(collection: DeclaredCollection, { options }: CollectionInfo): Finding[] {
  const found = options?.validator;
  if (isDeepStrictEqual(found, validatorOf(collection))) return [];
  const label = `The validator of ${collection.name}`;
  if (found === undefined) {
    const message = `${label} is missing; doctor --build sets it. (Some servers do not report validators; on these, this message remains.)`;
    return [{ kind: 'validator', collection, state: 'missing', message }];
  }
  const message = `${label} differs from its declaration. It is not changed; to replace it, remove it with collMod and run doctor --build.`;
  return [{ kind: 'validator', collection, state: 'different', message }];
}

function indexFindings(collection: DeclaredCollection, found: readonly IndexDescriptionInfo[]): Finding[] {
  const declared = collection.indexes.flatMap((index): Finding[] => {
    const label = `The index ${index.name} of ${collection.name}`;
    const finding = { kind: 'index', collection } as const;
    const named = found.find(({ name }) => name === index.name);
    if (named !== undefined) {
      if (isDeepStrictEqual(propertiesOf(named), propertiesOf(index))) return [];
      const message = `${label} differs from its declaration. It is not changed; to replace it, drop it and run doctor --build.`;
      return [{ ...finding, state: 'different', message }];
    }
    const twin = found.find((other) => isDeepStrictEqual(propertiesOf(other), propertiesOf(index)));
    if (twin !== undefined) {
      const message = `${label} exists under the name ${twin.name}. It is not changed; to replace it, drop it and run doctor --build.`;
      return [{ ...finding, state: 'different', message }];
    }
    return [
      { ...finding, index, state: 'missing', message: `${label} is missing; doctor --build creates it.` },
    ];
  });
  const known = ['_id_', ...collection.indexes.map(({ name }) => name)];
  const others = found.filter(
    (index) => !known.includes(index.name ?? '') && !isOfShardKey(index, collection),
  );
  return [
    ...declared,
    ...others.map(({ name }): Finding => {
      const message = `The index ${name} of ${collection.name} is not declared by Relaylog. It is not dropped, but it slows down every write.`;
      return { kind: 'index', collection, state: 'not ours', message };
    }),
  ];
}

/** Returns whether the index is the one that sharding the collection needs. */
function isOfShardKey({ key }: IndexDescriptionInfo, { shardKey = {} }: DeclaredCollection): boolean {
  return isDeepStrictEqual(Object.entries(key), Object.entries(shardKey));
}

/** The properties of an index that decide which queries it can serve and which documents it allows. */
function propertiesOf(index: IndexDescriptionInfo | DeclaredIndex): Document {
  const { unique, sparse, hidden, expireAfterSeconds, collation, partialFilterExpression }: Document = index;
  return {
    // The order of the keys matters.
    key: Object.entries(index.key),
    unique: unique === true,
    sparse: sparse === true,
    hidden: hidden === true,
    expireAfterSeconds,
    collation,
    partialFilterExpression,
  };
}
