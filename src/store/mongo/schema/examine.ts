import { isDeepStrictEqual } from 'node:util';
import type { CollectionInfo } from 'mongodb';
import type { Connection } from '../connection.ts';
import { COLLECTIONS, type DeclaredCollection, validatorOf } from './collections.ts';
import type { Finding } from './finding.ts';
import { indexFindings } from './indexes.ts';
import { examineShards } from './shards.ts';

/** Compares the server's collections, indexes, validators and shard keys with the declared ones. Changes nothing. */
export async function examine(connection: Connection): Promise<Finding[]> {
  const infos = await collectionInfos(connection);
  const findings = Object.values<DeclaredCollection>(COLLECTIONS).map(async (collection) => {
    const info = infos.get(collection.name);
    if (info === undefined) return [missingCollection(collection)];
    const validators = info.type === 'collection' ? validatorFindings(collection, info) : [];
    return [...validators, ...(await examineCollection(connection, collection, info))];
  });
  return [...(await Promise.all(findings)).flat(), ...(await examineShards(connection))];
}

/** Returns the server's description of each collection, by name. */
export async function collectionInfos({ db }: Connection): Promise<ReadonlyMap<string, CollectionInfo>> {
  const infos = await db.listCollections({}, { nameOnly: false }).toArray();
  return new Map(infos.map((info) => [info.name, info]));
}

/** Compares an existing collection and its indexes with the declaration. */
export async function examineCollection(
  { db }: Connection,
  collection: DeclaredCollection,
  { type, options }: CollectionInfo,
): Promise<Finding[]> {
  const isCollection = type === 'collection';
  const problems = [
    ...(isCollection ? [] : [`is a ${type}`]),
    ...(options?.capped ? ['is capped, so the server deletes its oldest documents'] : []),
    ...(options?.collation ? ['has a collation, so different ids can be equal'] : []),
  ];
  const findings = problems.map((problem): Finding => {
    const message = `The collection ${collection.name} ${problem}: the gateway rejects every request. Copy its documents to a plain collection of that name.`;
    return { kind: 'collection', collection, state: 'different', impact: 'wrong', message };
  });
  if (!isCollection) return findings;
  return [...findings, ...indexFindings(collection, await db.collection(collection.name).indexes())];
}

function missingCollection(collection: DeclaredCollection): Finding {
  const message = `The collection ${collection.name} is missing; doctor --build creates it with its indexes.`;
  return { kind: 'collection', collection, state: 'missing', message };
}

function validatorFindings(collection: DeclaredCollection, { options }: CollectionInfo): Finding[] {
  const found = options?.validator;
  if (isDeepStrictEqual(found, validatorOf(collection))) return [];
  const label = `The validator of ${collection.name}`;
  // A validator that was removed with collMod remains as an empty object.
  if (found === undefined || Object.keys(found).length === 0) {
    const message = `${label} is missing; doctor --build sets it.`;
    return [{ kind: 'validator', collection, state: 'missing', message }];
  }
  const message = `${label} differs from its declaration. It is not changed; to replace it, remove it with collMod and run doctor --build.`;
  return [{ kind: 'validator', collection, state: 'different', message }];
}
