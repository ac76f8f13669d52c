import type { Db } from 'mongodb';
import { afterAll, describe, expect, it } from 'vitest';
import { MATCH_ALL } from '../../src/log/filter.ts';
import { COLLECTIONS } from '../../src/store/mongo/schema/collections.ts';
import { mongoDoctor } from '../../src/store/mongo/schema/doctor.ts';
import { MongoStore } from '../../src/store/mongo/store.ts';
import { recorded, sampleLog } from '../store/samples.ts';
import { relaylog, workFolder } from '../support/cli.ts';
import { databaseUrl, dropDatabase, SERVERS, testDatabase, withClient } from './servers.ts';

describe.each(SERVERS)('the doctor on $name', (server) => {
  const database = testDatabase();
  const url = databaseUrl(server, database);
  const folder = workFolder();
  const doctor = mongoDoctor(url);
  const onDatabase = <T>(work: (db: Db) => Promise<T>) => withClient(url, (client) => work(client.db()));
  const newest = {
    scope: { organizationId: 'acme', visibleFrom: null },
    filter: MATCH_ALL,
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
      message: 'The log store is unavailable: an index is missing or cannot be used; run relaylog doctor.',
    });
    expect(await messages()).toEqual([
      'The index newest of request_logs is missing; doctor --build creates it.',
      'The index method of request_logs differs from its declaration (key): queries that need it are slow. It is not changed; to replace it, run db.request_logs.dropIndex("method") and doctor --build.',
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
    await expect(store.ping()).rejects.toThrow(
      'the index requestId of request_logs is missing; run relaylog doctor',
    );
    await doctor.build(await findings());
    await store.ping();
    await store.close();
  });

  const run = (...args: string[]) =>
    relaylog(['doctor', ...args], { folder, environment: { RELAYLOG_STORE_URL: url } });

  it('lists the logs that violate a unique index, and builds the rest', async () => {
    await onDatabase(async (db) => {
      const logs = db.collection<{ _id: string }>(COLLECTIONS.logs.name);
      await logs.dropIndexes();
      const [log] = await logs.find().toArray();
      const again = { ...log!, requestId: 'twice', createdAt: new Date(0) };
      await logs.insertMany(['d1', 'd2', 'd3'].map((_id) => ({ ...again, _id })));
    });
    const { status, out, err } = await run('--build', '--json');
    const failure =
      'The index requestId of request_logs is missing; doctor --build creates it. Failed: these documents have the same organizationId and requestId: acme twice: 3 documents, _id d1 to d3. Keep one of each, delete the others from request_logs and request_log_payloads by _id, and run doctor --build again.';
    expect(err.split('\n')[0]).toMatch(/^While an index is built, MongoDB continues/);
    expect(err).toContain(failure);
    expect(status).toBe(1);
    expect(JSON.parse(out)).toMatchObject({
      findings: [{ kind: 'index', state: 'missing' }],
      failed: [failure],
    });
    await onDatabase((db) =>
      db.collection<{ _id: string }>(COLLECTIONS.logs.name).deleteMany({ _id: { $in: ['d2', 'd3'] } }),
    );
    expect(await run('--build')).toMatchObject({
      status: 0,
      out: 'The database has everything that Relaylog needs.\n',
    });
  });

  it('does not show the hashes of keys', async () => {
    await onDatabase(async (db) => {
      const keys = db.collection<{ _id: string }>(COLLECTIONS.keys.name);
      await keys.dropIndexes();
      const at = new Date(0);
      const key = { organizationId: 'acme', prefix: 'rlk_', hash: 'secret', scopes: [], createdAt: at };
      const times = { revokedAt: null, expiresAt: null, lastUsedAt: null };
      await keys.insertMany(['k1', 'k2'].map((_id) => ({ ...key, ...times, _id })));
    });
    const { err } = await run('--build');
    expect(err).toContain('these documents have the same hash: 2 documents, _id k1 and k2');
    expect(err).not.toContain('secret');
    await dropDatabase(server, database);
  });

  it('finds nothing in a store that the gateway created, including its validators', async () => {
    const store = new MongoStore({ url });
    await store.insert([recorded(sampleLog())]);
    await store.close();
    expect(await run()).toMatchObject({
      status: 0,
      out: 'The database has everything that Relaylog needs.\n',
      err: '',
    });
  });

  if (!server.hasFailPoints) {
    it('cannot test missing permissions, because this server has no fail points', () => {
      expect(server.hasFailPoints).toBe(false);
    });
  } else {
    it('continues if the user may not set a validator', async () => {
      await onDatabase(async (db) => {
        await db.command({ collMod: COLLECTIONS.logs.name, validator: {} });
        await db.collection(COLLECTIONS.logs.name).dropIndex('failed');
      });
      const fail = (mode: object | string) =>
        withClient(server.url, (client) =>
          client.db('admin').command({
            configureFailPoint: 'failCommand',
            mode,
            data: { failCommands: ['collMod'], errorCode: 13 },
          }),
        );
      await fail('alwaysOn');
      const refused = await doctor.build(await findings());
      await fail('off');
      const left = (await findings()).filter(({ kind }) => kind === 'index');
      expect(left).toEqual([]);
      expect(refused.map(({ message }) => message)).toEqual([
        'The validator of request_logs is missing; doctor --build sets it. Failed: the database user lacks permissions; a validator needs the role dbAdmin, sharding clusterManager.',
      ]);
      await doctor.build(await findings());
    });
  }

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
