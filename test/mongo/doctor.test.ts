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

  /** The doctor's findings, without validators if the server does not report them. */
  const findings = async () =>
    (await doctor.examine()).filter(({ kind }) => kind !== 'validator' || server.enforcesValidators);
  const messages = async () => (await findings()).map(({ message }) => message);

  afterAll(async () => {
    await doctor.close();
    await dropDatabase(server, database);
  });

  it('reports everything as missing on a new server, and nothing after the build', async () => {
    const before = await findings();
    expect(before.map(({ collection, state }) => [collection.name, state])).toEqual(
      Object.values(COLLECTIONS).map(({ name }) => [name, 'missing']),
    );
    const progress: (number | null)[] = [];
    await doctor.build(before, ({ done }) => progress.push(done));
    expect(progress).toEqual(before.flatMap(() => [0, 1]));
    expect(await findings()).toEqual([]);
  });

  it('reports nothing after several processes created the store at the same time', async () => {
    await dropDatabase(server, database);
    const stores = Array.from({ length: 4 }, () => new MongoStore({ url }));
    const secrets = await Promise.all(stores.map((store) => store.secret()));
    expect(new Set(secrets.map(String)).size).toBe(1);
    await Promise.all(stores.map((store) => store.close()));
    expect(await findings()).toEqual([]);
  });

  it('builds missing indexes of a collection with logs, and does not change existing ones', async () => {
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
      'The index newest of request_logs is missing; doctor --build creates it.',
      'The index method of request_logs differs from its declaration. It is not changed; to replace it, drop it and run doctor --build.',
      'The index mine of request_logs is not declared by Relaylog. It is not dropped, but it slows down every write.',
    ]);
    await doctor.build(await findings());
    expect((await messages()).length).toBe(2);
    expect(await store.find(newest)).toEqual([sampleLog()]);
    const left = await onDatabase((db) => db.collection(COLLECTIONS.logs.name).indexes());
    expect(left.map(({ name }) => name)).toEqual(expect.arrayContaining(['method', 'mine']));
    await store.close();
  });

  it('is required if a collection with logs lacks its unique index', async () => {
    await onDatabase((db) => db.collection(COLLECTIONS.logs.name).dropIndex('requestId'));
    const store = new MongoStore({ url });
    await expect(store.ping()).rejects.toThrow('lacks its unique index; run relaylog doctor');
    await doctor.build(await findings());
    await store.ping();
    await store.close();
  });

  it(
    server.enforcesValidators
      ? 'enforces the types that sorting depends on'
      : 'cannot enforce types, because this server accepts validators but ignores them',
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
