import type { IndexDescription } from 'mongodb';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { createApp } from '../../src/app.ts';
import { COLLECTIONS, type DeclaredIndex } from '../../src/store/mongo/schema/collections.ts';
import { MongoStore } from '../../src/store/mongo/store.ts';
import { recorded, sampleLog } from '../store/samples.ts';
import { TEST_NOW, type TestApp, testApp } from '../support/app.ts';
import { relaylog, workFolder } from '../support/cli.ts';
import { databaseUrl, dropDatabase, SERVERS, testDatabase, withClient } from './servers.ts';

const LOGS = COLLECTIONS.logs.name;
const PATIENCE = { timeout: 20_000, interval: 50 };
const LOG_COUNT = 20;
interface GraphQLAnswer {
  readonly data?: object | null;
  readonly errors?: readonly object[];
}

const indexNamed = (name: string): DeclaredIndex =>
  COLLECTIONS.logs.indexes.find((index) => index.name === name)!;

describe.each(SERVERS)('an index that differs from its declaration on $name', (server) => {
  const database = testDatabase();
  const url = databaseUrl(server, database);
  const folder = workFolder();
  const onLogs = <T>(work: (logs: ReturnType<typeof collection>) => Promise<T>) =>
    withClient(url, (client) => work(collection(client)));
  const collection = (client: Parameters<Parameters<typeof withClient>[1]>[0]) =>
    client.db().collection(LOGS);
  let setup: TestApp;
  let store: MongoStore;
  let app: ReturnType<typeof createApp>;
  let key: string;

  /** Starts a gateway that checks its indexes ten times a second. */
  const started = async () => {
    await store?.close();
    store = new MongoStore({ url, checkMs: 100 });
    app = createApp({ ...setup.parts, store });
  };
  beforeAll(async () => {
    setup = await testApp({ RELAYLOG_STORE_URL: url });
    key = await setup.key('acme');
    const logs = Array.from({ length: LOG_COUNT }, (_, i) => ({
      requestId: `r${i}`,
      statusCode: 200 + (i % 2),
    }));
    await setup.insert(...logs);
  });
  afterEach(async () => {
    await onLogs(async (logs) => {
      await logs.dropIndexes();
      await logs.createIndexes([...COLLECTIONS.logs.indexes]);
    });
  });
  afterAll(async () => {
    await store.close();
    await setup.close();
    await dropDatabase(server, database);
  });

  const post = async (path: string, body: object) =>
    app.request(path, {
      method: 'POST',
      headers: { 'x-api-key': key, 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
  const graphql = async (query: string) => {
    const response = await post('/graphql', { query });
    const { data = null, errors }: GraphQLAnswer = await response.json();
    return { status: response.status, data, errors };
  };
  const count = () => graphql('{ requestLogs { totalCount } }');
  const ready = async () => {
    const response = await app.request('/readyz');
    return { status: response.status, text: await response.text() };
  };
  const ingest = (requestId: string) => {
    const log = { createdAt: TEST_NOW - 1000, requestId, method: 'GET', path: '/', statusCode: 200 };
    return post('/ingest/v1/request-logs', [log]);
  };
  const replace = ({ name = '', ...index }: IndexDescription) =>
    onLogs(async (logs) => {
      await logs.dropIndex(name).catch(() => undefined);
      await logs.createIndexes([{ name, ...index }]);
    });

  const { key: newest } = indexNamed('newest');
  const wrong: [string, IndexDescription, string][] = [
    [
      'partial',
      { name: 'newest', key: newest, partialFilterExpression: { statusCode: { $gte: 201 } } },
      `the index newest of ${LOGS} differs from its declaration`,
    ],
    [
      'sparse',
      { name: 'newest', key: newest, sparse: true },
      `the index newest of ${LOGS} differs from its declaration`,
    ],
    [
      'not unique',
      { name: 'requestId', key: indexNamed('requestId').key },
      `the index requestId of ${LOGS} differs from its declaration`,
    ],
    [
      'a text index',
      { name: 'route', key: { organizationId: 1, routePattern: 'text' } },
      `the index route of ${LOGS} differs from its declaration`,
    ],
    [
      'an undeclared unique index',
      { name: 'mine', key: { organizationId: 1, requestId: 1, path: 1 }, unique: true },
      `the index mine of ${LOGS} is not declared by Relaylog`,
    ],
    [
      'a TTL index',
      { name: 'newest', key: { receivedAt: 1 }, expireAfterSeconds: 1e9 },
      `the index newest of ${LOGS} differs from its declaration`,
    ],
  ];

  describe.each(wrong)('%s', (kind, index, reason) => {
    const message = `The log store is unavailable: ${reason}; run relaylog doctor.`;
    const expectRefused = async () => {
      expect(await count()).toMatchObject({ status: 503, errors: [{ message }] });
      expect(await ready()).toEqual({ status: 503, text: `${message}\n` });
      const refused = await ingest('r1');
      expect([refused.status, refused.headers.get('retry-after')]).toEqual([503, '5']);
    };

    it('makes the gateway reject every request until it is replaced', async (test) => {
      const made = await replace(index).then(
        () => true,
        () => false,
      );
      // Some servers do not support text indexes.
      if (!made) test.skip(kind === 'a text index');
      await started();
      await expectRefused();
      const { out, status } = await relaylog(['doctor'], {
        folder,
        environment: { RELAYLOG_STORE_URL: url },
      });
      expect({ out, status }).toEqual({
        out: expect.stringContaining('the gateway rejects every request'),
        status: 1,
      });
      await onLogs((logs) => logs.dropIndex(index.name!));
      const declared = COLLECTIONS.logs.indexes.filter(({ name }) => name === index.name);
      if (declared.length > 0) await onLogs((logs) => logs.createIndexes([...declared]));
      expect(await ready()).toMatchObject({ status: 200 });
      expect(await count()).toMatchObject({ data: { requestLogs: { totalCount: LOG_COUNT } } });
    });

    it('is noticed while the gateway is running', async (test) => {
      await started();
      expect(await count()).toMatchObject({ data: { requestLogs: { totalCount: LOG_COUNT } } });
      const made = await replace(index).then(
        () => true,
        () => false,
      );
      if (!made) test.skip(kind === 'a text index');
      await vi.waitFor(expectRefused, PATIENCE);
    });
  });

  it('fails /readyz and the queries that need it, and no others, if it is dropped', async () => {
    await started();
    expect(await ready()).toMatchObject({ status: 200 });
    await onLogs((logs) => logs.dropIndex('method'));
    const message = `The log store is unavailable: the index method of ${LOGS} is missing; run relaylog doctor.`;
    await vi.waitFor(
      async () => expect(await ready()).toEqual({ status: 503, text: `${message}\n` }),
      PATIENCE,
    );
    expect(await count()).toMatchObject({ status: 200 });
    const byMethod = '{ requestLogs(filter: { method: { eq: "GET" } }) { totalCount } }';
    expect(await graphql(byMethod)).toMatchObject({ status: 503 });
    // The ingest thread has its own store, which may still reject calls after an earlier test.
    await vi.waitFor(async () => expect((await ingest('r1')).status).toBe(200), PATIENCE);
  });

  it('is used if only its keys differ', async () => {
    await replace({ name: 'method', key: { method: 1 } });
    await started();
    expect(await ready()).toMatchObject({ status: 200 });
    const byMethod = '{ requestLogs(filter: { method: { eq: "GET" } }) { totalCount nodes { id } } }';
    const { data } = await graphql(byMethod);
    expect(data).toEqual({
      requestLogs: { totalCount: LOG_COUNT, nodes: Array(LOG_COUNT).fill({ id: expect.any(String) }) },
    });
  });

  it('does not cause a rejected log to be acknowledged if it is unique and was just created', async () => {
    const slowly = new MongoStore({ url, checkMs: 3_600_000 });
    await slowly.ping();
    const mine: IndexDescription = { name: 'mine', key: { statusCode: 1 }, unique: true };
    // It allows one log with this status code; the stored logs have others.
    const partialFilterExpression = { statusCode: { $gte: 599 } };
    await onLogs((logs) => logs.createIndexes([{ ...mine, partialFilterExpression }]));
    const log = (requestId: string) =>
      recorded(sampleLog({ organizationId: 'acme', requestId, statusCode: 599 }));
    expect(await slowly.insert([log('first')])).toEqual({ stored: 1, duplicates: 0 });
    await expect(slowly.insert([log('second')])).rejects.toThrow(
      'a unique index that Relaylog does not declare rejected logs',
    );
    await slowly.close();
    await onLogs((logs) => logs.deleteMany({ statusCode: 599 }));
  });

  it('is rejected if its collection has a collation', async (test) => {
    const other = testDatabase();
    const collation = { locale: 'en', strength: 2 };
    const made = await withClient(server.url, async (client) => {
      const db = client.db(other);
      await db.createCollection(LOGS, { collation }).catch(() => undefined);
      const [info] = await db.listCollections({ name: LOGS }, { nameOnly: false }).toArray();
      return info !== undefined && 'options' in info && info.options?.collation !== undefined;
    });
    if (!made) return test.skip();
    const folded = new MongoStore({ url: databaseUrl(server, other) });
    await expect(folded.ping()).rejects.toThrow(`the collection ${LOGS} differs from its declaration`);
    await folded.close();
    await dropDatabase(server, other);
  });
});
