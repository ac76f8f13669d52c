import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { MATCH_ALL } from '../../src/log/filter.ts';
import { MongoStore } from '../../src/store/mongo/store.ts';
import { TEST_NOW, testApp } from '../support/app.ts';
import { hangingProxy } from './hang-proxy.ts';
import { ingestBatch } from './ingest-batch.ts';
import { databaseUrl, dropDatabase, SERVERS, testDatabase } from './servers.ts';

const scope = { organizationId: 'acme', visibleFrom: null };
const QUERY = { scope, sort: 'createdAt', direction: 'desc', limit: 10 } as const;
const CALLS: Record<string, (store: MongoStore) => Promise<unknown>> = {
  'a page': (store) => store.find({ ...QUERY, filter: MATCH_ALL }),
  'a search': (store) =>
    store.find({ ...QUERY, filter: { op: 'contains', field: 'path', value: 'nowhere' } }),
  'a count': (store) => store.count(scope, MATCH_ALL, null),
  'an insert': (store) => store.insert(ingestBatch(1, 'acme')),
  'a key': (store) => store.findKeyOwner('unknown'),
  '/readyz': (store) => store.ping(),
  'a rate limit': (store) =>
    store.consume('hang', {
      capacity: 10,
      fillMs: 1_000,
      cost: 1,
      now: Date.now(),
      isWithinShare: true,
      isStarving: false,
    }),
};

/* A proxy in front of the real server accepts connections and forwards nothing. */
describe.each(SERVERS)('if $name hangs', (server) => {
  const database = testDatabase();
  const url = databaseUrl(server, database);
  beforeAll(async () => {
    const store = new MongoStore({ url });
    await store.insert(ingestBatch(0, 'acme'));
    await store.close();
  });
  afterAll(() => dropDatabase(server, database));

  /** Makes all calls at once. Returns their error codes and how long they took, in milliseconds. */
  async function failures(store: MongoStore) {
    const failed = Object.entries(CALLS).map(async ([name, call]) => {
      const start = performance.now();
      const code = await call(store).then(
        () => 'answered',
        (error) => error.code,
      );
      return { name, code, ms: performance.now() - start };
    });
    return Promise.all(failed);
  }

  async function expectUnavailable(store: MongoStore, mostMs: number) {
    const all = await failures(store);
    expect(all.map(({ name, code }) => [name, code])).toEqual(
      Object.keys(CALLS).map((name) => [name, 'UNAVAILABLE']),
    );
    // Twice the documented time. for a busy machine.
    for (const { ms } of all) expect(ms).toBeLessThan(2 * mostMs);
  }

  it('from the start, every call is UNAVAILABLE within two seconds', async () => {
    const proxy = await hangingProxy(url);
    proxy.hang();
    const store = new MongoStore({ url: proxy.url });
    await expectUnavailable(store, 2_000);
    await store.close();
    proxy.close();
  });

  it('later, every call is UNAVAILABLE within four seconds', async () => {
    const proxy = await hangingProxy(url);
    const store = new MongoStore({ url: proxy.url });
    await store.ping();
    proxy.hang();
    await expectUnavailable(store, 4_000);
    await expectUnavailable(store, 2_000);
    await store.close();
    proxy.close();
  });

  it('later, every API responds with 503 and Retry-After', async () => {
    const proxy = await hangingProxy(url);
    const app = await testApp({ RELAYLOG_STORE_URL: proxy.url });
    const key = await app.key('acme');
    const log = { createdAt: TEST_NOW - 1_000, method: 'GET', path: '/', statusCode: 200 };
    const headers = { authorization: `Bearer ${key}` };
    const requests = {
      graphql: () => app.post(key, { query: '{ requestLogs { totalCount nodes { id } } }' }),
      scrip: () => app.request('/v1/logs', { headers }),
      signa: () => app.request('/v1/organization/logs', { headers }),
      ingest: () => app.post(key, [log], {}, '/ingest/v1/request-logs'),
    };
    for (const send of Object.values(requests)) expect((await send()).status).toBe(200);
    proxy.hang();
    const start = performance.now();
    const answers = await Promise.all([
      ...Object.values(requests).map((send) => send()),
      app.request('/readyz'),
    ]);
    expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 503));
    for (const answer of answers.slice(0, -1))
      expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0);
    // Twice the documented time.
    expect(performance.now() - start).toBeLessThan(12_000);
    proxy.close();
    await app.close();
  });

  it('but responds to heartbeats, every read fails one second after its time limit', async () => {
    const proxy = await hangingProxy(url);
    const store = new MongoStore({ url: proxy.url, readMs: 1_000 });
    await store.ping();
    proxy.hang(true);
    const { 'an insert': insert, ...calls } = Object.fromEntries(
      (await failures(store)).map(({ name, ...failure }) => [name, failure]),
    );
    expect(insert!.code).toBe('UNAVAILABLE');
    for (const [name, { code, ms }] of Object.entries(calls)) {
      expect([name, code]).toEqual([name, expect.stringMatching(/^(UNAVAILABLE|QUERY_TIMEOUT)$/)]);
      expect(ms).toBeLessThan(4_000);
    }
    await store.close();
    proxy.close();
  });
});
