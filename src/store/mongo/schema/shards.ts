import { isDeepStrictEqual } from 'node:util';
import { MongoServerError } from 'mongodb';
import type { Connection } from '../connection.ts';
import { COLLECTIONS, type DeclaredCollection } from './collections.ts';
import type { Finding } from './finding.ts';

/** The `msg` in the `hello` response of a router (mongos). */
const ROUTER = 'isdbgrid';

const UNAUTHORIZED = 13;

/** A collection in `config.collections`. `unsplittable`: it was moved with moveCollection and is not sharded. */
interface ClusterCollection {
  readonly _id: string;
  readonly key: object;
  readonly unsplittable?: boolean;
}

/** Returns the collections that are not sharded by their declared shard key. Returns none if the server is not a sharded cluster. */
export async function examineShards({ client, db }: Connection): Promise<Finding[]> {
  const hello = await db.admin().command({ hello: 1 });
  if (hello.msg !== ROUTER) return [];
  const known = client.db('config').collection<ClusterCollection>('collections');
  const findings = Object.values<DeclaredCollection>(COLLECTIONS).map(
    async (collection): Promise<Finding[]> => {
      const { name, shardKey } = collection;
      if (shardKey === undefined) return [];
      const by = JSON.stringify(shardKey);
      const finding = { kind: 'sharding', collection } as const;
      let found: ClusterCollection | null;
      try {
        found = await known.findOne({ _id: `${db.databaseName}.${name}` });
      } catch (error) {
        if (!(error instanceof MongoServerError && error.code === UNAUTHORIZED)) throw error;
        const message = `The sharding of ${name} could not be checked: reading config.collections needs the role clusterMonitor.`;
        return [{ ...finding, state: 'unchecked', message }];
      }
      if (found === null || found.unsplittable) {
        const message = `The collection ${name} is not sharded; doctor --build shards it by ${by}.`;
        return [{ ...finding, state: 'missing', message }];
      }
      // The order of the keys matters.
      if (isDeepStrictEqual(Object.entries(found.key), Object.entries(shardKey))) return [];
      const message = `The collection ${name} is sharded by ${JSON.stringify(found.key)}, not by ${by}. It is not changed.`;
      return [{ ...finding, state: 'different', message }];
    },
  );
  return (await Promise.all(findings)).flat();
}

/** Shards a collection by its declared shard key. Builds the index on the key if no declared index serves it. */
export async function shard(
  { client, db }: Connection,
  { name, shardKey, indexes }: DeclaredCollection,
): Promise<void> {
  const fields = JSON.stringify(Object.entries(shardKey ?? {})).slice(0, -1);
  const isIndexed = indexes.some(({ key }) => JSON.stringify(Object.entries(key)).startsWith(fields));
  // The server builds the index of a hashed key itself only if the collection is empty.
  if (!isIndexed) await db.collection(name).createIndex({ ...shardKey });
  await client.db('admin').command({ shardCollection: `${db.databaseName}.${name}`, key: shardKey });
}
