import { MongoServerError } from 'mongodb';
import { describe, expect, it } from 'vitest';
import type { Connection } from '../connection.ts';
import {
  COLLECTIONS,
  type DeclaredCollection,
  LOG_SHARD_KEY,
  PAYLOAD_SHARD_KEY,
  ROLL_UP_SHARD_KEY,
} from './collections.ts';
import { examineShards, shard } from './shards.ts';

/** A fake of a sharded cluster, which the tests cannot start: it records commands and returns the documented responses.
 * @param isWhole `sharded` has whole documents of `config.collections`, not only keys. */
function cluster(hello: object, sharded: Record<string, object> | Error, isWhole = false) {
  const commands: object[] = [];
  const collection = () => ({
    async findOne({ _id }: { _id: string }) {
      if (sharded instanceof Error) throw sharded;
      const found = sharded[_id];
      if (found === undefined) return null;
      return isWhole ? { _id, ...found } : { _id, key: found };
    },
    createIndex: async (index: object) => void commands.push({ index }),
  });
  const database = {
    databaseName: 'relaylog',
    admin: () => ({ command: async () => hello }),
    collection,
    command: async (command: object) => void commands.push(command),
  };
  const connection: Pick<Connection, 'client' | 'db'> = Object.assign(Object.create(null), {
    client: { db: () => database },
    db: database,
  });
  return { connection: connection as Connection, commands };
}

const ROLL_UPS = ['relaylog.roll_up_days', 'relaylog.roll_up_contents', 'relaylog.roll_up_marks'];

const router = { msg: 'isdbgrid' };
const declared = Object.values<DeclaredCollection>(COLLECTIONS).filter(
  ({ shardKey }) => shardKey !== undefined,
);

describe('the sharding of a cluster', () => {
  it('is not examined if the server is not a router', async () => {
    expect(await examineShards(cluster({ setName: 'rs0' }, {}).connection)).toEqual([]);
  });

  it('is missing on a new cluster, and is created with the declared keys', async () => {
    const { connection, commands } = cluster(router, {});
    const findings = await examineShards(connection);
    expect(findings.map(({ collection, state }) => [collection.name, state])).toEqual(
      declared.map(({ name }) => [name, 'missing']),
    );
    for (const { collection } of findings) await shard(connection, collection);
    expect(commands).toEqual([
      { shardCollection: 'relaylog.request_logs', key: LOG_SHARD_KEY },
      { index: PAYLOAD_SHARD_KEY },
      { shardCollection: 'relaylog.request_log_payloads', key: PAYLOAD_SHARD_KEY },
      ...ROLL_UPS.map((name) => ({ shardCollection: name, key: ROLL_UP_SHARD_KEY })),
    ]);
  });

  it('differs if the shard key is another one or has another order', async () => {
    const as = (key: object) => ({
      'relaylog.request_logs': key,
      'relaylog.request_log_payloads': PAYLOAD_SHARD_KEY,
      ...Object.fromEntries(ROLL_UPS.map((name) => [name, ROLL_UP_SHARD_KEY])),
    });
    expect(await examineShards(cluster(router, as({ organizationId: 1, requestId: 1 })).connection)).toEqual(
      [],
    );
    const [finding] = await examineShards(
      cluster(router, as({ requestId: 1, organizationId: 1 })).connection,
    );
    expect(finding).toMatchObject({ kind: 'sharding', state: 'different' });
  });

  it('is missing if the collection was moved to a shard with moveCollection', async () => {
    const moved = { key: { _id: 1 }, unsplittable: true };
    const [finding] = await examineShards(
      cluster(router, { 'relaylog.request_logs': moved }, true).connection,
    );
    expect(finding).toMatchObject({ kind: 'sharding', state: 'missing' });
  });

  it('is reported as unchecked if the database user may not read it', async () => {
    const unauthorized = new MongoServerError({ code: 13, message: 'not authorized on config' });
    const findings = await examineShards(cluster(router, unauthorized).connection);
    expect(findings.map(({ collection, state }) => [collection.name, state])).toEqual(
      declared.map(({ name }) => [name, 'unchecked']),
    );
  });

  it('allows each unique index, which starts with the shard key', () => {
    for (const { indexes, shardKey } of declared) {
      for (const { key } of indexes.filter(({ unique }) => unique)) {
        expect(Object.keys(key).slice(0, Object.keys(shardKey!).length)).toEqual(Object.keys(shardKey!));
      }
    }
  });
});
