import { describe, expect, it } from 'vitest';
import type { Connection } from '../connection.ts';
import { COLLECTIONS, type DeclaredCollection, LOG_SHARD_KEY, PAYLOAD_SHARD_KEY } from './collections.ts';
import { examineShards, shard } from './shards.ts';

/** What the commands are asked and answer; no sharded cluster can be had here, so its documented answers stand in. */
function cluster(hello: object, sharded: Record<string, object>) {
  const commands: object[] = [];
  const collection = () => ({
    findOne: async ({ _id }: { _id: string }) => (sharded[_id] ? { _id, key: sharded[_id] } : null),
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

const router = { msg: 'isdbgrid' };
const declared = Object.values<DeclaredCollection>(COLLECTIONS).filter(
  ({ shardKey }) => shardKey !== undefined,
);

describe('the shards of a cluster', () => {
  it('are no matter where there is no router', async () => {
    expect(await examineShards(cluster({ setName: 'rs0' }, {}).connection)).toEqual([]);
  });

  it('are missing on a new cluster, and are made by the declared keys', async () => {
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
    ]);
  });

  it('are as declared, or by another key, in which the order counts', async () => {
    const as = (key: object) => ({
      'relaylog.request_logs': key,
      'relaylog.request_log_payloads': PAYLOAD_SHARD_KEY,
    });
    expect(await examineShards(cluster(router, as({ organizationId: 1, requestId: 1 })).connection)).toEqual(
      [],
    );
    const [finding] = await examineShards(
      cluster(router, as({ requestId: 1, organizationId: 1 })).connection,
    );
    expect(finding).toMatchObject({ kind: 'sharding', state: 'different' });
  });

  it('hold each unique index: it begins with the shard key', () => {
    for (const { indexes, shardKey } of declared) {
      for (const { key } of indexes.filter(({ unique }) => unique)) {
        expect(Object.keys(key).slice(0, Object.keys(shardKey!).length)).toEqual(Object.keys(shardKey!));
      }
    }
  });
});
