import type { Db } from 'mongodb';
import { afterAll, describe, expect, it } from 'vitest';
import { EVERYTHING } from '../../src/log/filter.ts';
import { COLLECTIONS } from '../../src/store/mongo/schema/collections.ts';
import { mongoDoctor } from '../../src/store/mongo/schema/doctor.ts';
import { MongoStore } from '../../src/store/mongo/store.ts';
import { recorded, sampleLog } from '../store/samples.ts';
import { databaseUrl, dropDatabase, SERVERS, testDatabase, withClient } from './servers.ts';

describe.each(SERVERS)('the doctor on $name', (server) => {
  const database = testDatabase();
  const url = databaseUrl(server, database);
  const doctor = mongoDoctor(url);
  const onDatabase = <T>(work: (db: Db) => Promise<T>) => withClient(url, (client) => work(client.db()));
  const newest = {
    scope: { organizationId: 'acme', visibleFrom: null },
    filter: EVERYTHING,
    sort: 'createdAt',
    direction: 'desc',
    limit: 1,
  } as const;

  /** What the doctor says, less the validators if the server does not report them. */
  const findings = async () =>
    (await doctor.examine()).filter(({ kind }) => kind !== 'validator' || server.enforcesValidators);
  const messages = async () => (await findings()).map(({ message }) => message);

  afterAll(async () => {
    await doctor.close();
    await dropDatabase(server, database);
  });

  it('finds everything missing on a new server, and nothing after it was built', async () => {
    const before = await findings();
    expect(before.map(({ collection, state }) => [collection.name, state])).toEqual(
      Object.values(COLLECTIONS).map(({ name }) => [name, 'missing']),
    );
    const progress: (number | null)[] = [];
    await doctor.build(before, ({ done }) => progress.push(done));
    expect(progress).toEqual(before.flatMap(() => [0, 1]));
    expect(await findings()).toEqual([]);
  });

  it('finds nothing where several processes made the store at once', async () => {
    await dropDatabase(server, database);
    const stores = Array.from({ length: 4 }, () => new MongoStore({ url }));
    const secrets = await Promise.all(stores.map((store) => store.secret()));
    expect(new Set(secrets.map(String)).size).toBe(1);
    await Promise.all(stores.map((store) => store.close()));
    expect(await findings()).toEqual([]);
  });

  it('builds what is missing under logs, and leaves what it did not make', async () => {
    const store = new MongoStore({ url });
    await store.insert([recorded(sampleLog())]);
    await onDatabase(async (db) => {
      const logs = db.collection(COLLECTIONS.logs.name);
      await logs.dropIndex('newest');
      await logs.dropIndex('method');
      await logs.createIndex({ method: 1 }, { name: 'method' });
      await logs.createIndex({ userAgent: 1 }, { name: 'mine' });
    });
    await expect(store.find(newest)).rejects.toMatchObject({
      code: 'UNAVAILABLE',
      message: 'The log store is unavailable: an index is missing; run relaylog doctor.',
    });
    expect(await messages()).toEqual([
      'The index newest of request_logs is missing; it would be built.',
      'The index method of request_logs is another than declared; it is left. Drop it to have ours built.',
      'The index mine of request_logs is not ours; it is left, and each write pays for it.',
    ]);
    await doctor.build(await findings());
    expect((await messages()).length).toBe(2);
    expect(await store.find(newest)).toEqual([sampleLog()]);
    const left = await onDatabase((db) => db.collection(COLLECTIONS.logs.name).indexes());
    expect(left.map(({ name }) => name)).toEqual(expect.arrayContaining(['method', 'mine']));
    await store.close();
  });

  it('is asked for where logs lack the index that keeps out doubles', async () => {
    await onDatabase((db) => db.collection(COLLECTIONS.logs.name).dropIndex('requestId'));
    const store = new MongoStore({ url });
    await expect(store.ping()).rejects.toThrow('lacks its unique index; run relaylog doctor');
    await doctor.build(await findings());
    await store.ping();
    await store.close();
  });

  it(
    server.enforcesValidators
      ? 'guards the types that order depends on'
      : 'cannot guard types, because this server takes validators and does not heed them',
    async () => {
      const bad = onDatabase((db) =>
        db.collection<{ _id: string }>('request_logs').insertOne({ _id: 'bad' }),
      );
      const refused = await bad.then(
        () => false,
        () => true,
      );
      expect(refused).toBe(server.enforcesValidators);
    },
  );
});
