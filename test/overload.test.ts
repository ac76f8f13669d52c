import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Store } from '../src/store/store.ts';
import { TEST_NOW, type TestApp, testApp } from './support/app.ts';
import { wrapStore } from './support/wrap-store.ts';

const PERMITS = 5;
const BODY_BUDGET = 50_000;
const INGEST = '/ingest/v1/request-logs';

describe('at its limits, the server', () => {
  let app: TestApp;
  let key: string;
  let gate = Promise.withResolvers<void>();
  const held: Partial<Store> = {};
  beforeAll(async () => {
    app = await testApp(
      {
        RELAYLOG_MAX_REQUESTS_IN_FLIGHT: String(PERMITS),
        RELAYLOG_MAX_BUFFERED_BODY_BYTES: String(BODY_BUDGET),
      },
      (store) => wrapStore(store, () => undefined, held),
    );
    held.findKeyOwner = async (hash) => {
      await gate.promise;
      return app.store.findKeyOwner(hash);
    };
    gate.resolve();
    key = await app.key('acme');
    await app.insert({ organizationId: 'acme' });
  });
  afterAll(() => app.close());
  beforeEach(() => {
    gate = Promise.withResolvers();
  });

  const post = (path: string, body: BodyInit) =>
    app.request(path, {
      method: 'POST',
      body,
      headers: { 'x-api-key': key, 'content-type': 'application/json' },
      ...(body instanceof ReadableStream ? { duplex: 'half' } : {}),
    } as RequestInit);
  const get = (path: string) => app.request(path, { headers: { authorization: `Bearer ${key}` } });
  const answer = async (response: Response) => ({ status: response.status, body: await response.json() });

  const message = 'Too many requests are in flight: try again later.';
  it.each([
    ['scrip', () => get('/v1/logs'), { code: 'unavailable', message }],
    [
      'signa',
      () => get('/v1/organization/logs'),
      {
        error: expect.objectContaining({ type: 'service_unavailable', retryable: true, retry_after: 1 }),
        request_id: expect.stringMatching(/^req_/),
      },
    ],
    [
      'graphql',
      () => post('/graphql', '{"query":"{ viewer { plan } }"}'),
      { errors: [{ message, extensions: { code: 'UNAVAILABLE' } }] },
    ],
    ['ingest', () => post(INGEST, '[]'), { error: { code: 'UNAVAILABLE', message } }],
  ] as const)(
    'rejects %s requests at once, in the error format of the API, and serves them again later',
    async (_api, send, body) => {
      const waiting = Array.from({ length: PERMITS }, send);
      const start = performance.now();
      const rejected = await Promise.all(Array.from({ length: PERMITS * 10 }, send));
      expect(performance.now() - start).toBeLessThan(1_000);
      for (const response of rejected) {
        expect(response.headers.get('retry-after')).toBe('1');
        expect(await answer(response)).toEqual({ status: 503, body });
      }
      gate.resolve();
      for (const response of await Promise.all(waiting)) expect(response.status).toBe(200);
      expect((await send()).status).toBe(200);
    },
  );

  it('serves an API while another one is at its limit', async () => {
    const waiting = Array.from({ length: PERMITS }, () => get('/v1/logs'));
    expect((await get('/v1/logs')).status).toBe(503);
    const other = get('/v1/organization/logs');
    gate.resolve();
    expect((await other).status).toBe(200);
    await Promise.all(waiting);
  });

  it('limits the total size of buffered bodies, and releases their bytes afterwards', async () => {
    gate.resolve();
    const log = {
      createdAt: TEST_NOW,
      requestId: 'big',
      method: 'GET',
      path: '/',
      statusCode: 200,
      requestBody: 'x'.repeat(BODY_BUDGET * 0.6),
    };
    const bytes = new TextEncoder().encode(JSON.stringify([log]));
    const rest = Promise.withResolvers<void>();
    const slow = new ReadableStream<Uint8Array>({
      async start(controller) {
        controller.enqueue(bytes.subarray(0, -10));
        await rest.promise;
        controller.enqueue(bytes.subarray(-10));
        controller.close();
      },
    });
    const first = post(INGEST, slow);
    await new Promise((done) => setTimeout(done, 20));
    const second = await post(INGEST, bytes);
    expect(second.headers.get('retry-after')).toBe('1');
    expect(await answer(second)).toEqual({
      status: 503,
      body: {
        error: { code: 'UNAVAILABLE', message: 'Too many request bodies are in memory: try again later.' },
      },
    });
    rest.resolve();
    expect(await answer(await first)).toMatchObject({ status: 200, body: { stored: 1 } });
    expect(await answer(await post(INGEST, bytes))).toMatchObject({ status: 200, body: { duplicates: 1 } });
    expect(await (await app.request('/metrics')).text()).toContain('\nrelaylog_buffered_body_bytes 0\n');
  });

  it('releases the bytes of an aborted body', async () => {
    gate.resolve();
    const broken = new ReadableStream<Uint8Array>({
      start(controller) {
        controller.enqueue(new Uint8Array(10_000));
        controller.error(new Error('aborted'));
      },
    });
    expect((await post(INGEST, broken)).status).toBe(400);
    expect(await (await app.request('/metrics')).text()).toContain('\nrelaylog_buffered_body_bytes 0\n');
  });
});

describe('one organization with slow requests', () => {
  const PER_ORGANIZATION = 3;
  const slow = Promise.withResolvers<void>();
  const held: Partial<Store> = {};
  let app: TestApp;
  beforeAll(async () => {
    app = await testApp(
      {
        RELAYLOG_MAX_REQUESTS_IN_FLIGHT: String(PERMITS),
        RELAYLOG_MAX_REQUESTS_IN_FLIGHT_PER_ORGANIZATION: String(PER_ORGANIZATION),
      },
      (store) => wrapStore(store, () => undefined, held),
    );
    held.find = async (query) => {
      if (query.scope.organizationId === 'acme') await slow.promise;
      return app.store.find(query);
    };
  });
  afterAll(() => app.close());

  it('leaves permits to other organizations in each API, and gets its own permits back', async () => {
    const [own, other] = [await app.key('acme'), await app.key('globex')];
    const get = (path: string, key: string) =>
      app.request(path, { headers: { authorization: `Bearer ${key}` } });
    const apis = [
      (key: string) => get('/v1/logs', key),
      (key: string) => get('/v1/organization/logs', key),
      (key: string) => app.post(key, { query: '{ requestLogs { nodes { id } } }' }),
    ];
    for (const send of apis) expect((await send(other)).status).toBe(200);
    const waiting = apis.flatMap((send) => Array.from({ length: PER_ORGANIZATION }, () => send(own)));
    for (const send of apis) {
      const rejected = await send(own);
      expect(rejected.headers.get('retry-after')).toBe('1');
      expect({ status: rejected.status, text: await rejected.text() }).toEqual({
        status: 503,
        text: expect.stringContaining(
          'Too many requests of this organization are in flight: try again later.',
        ),
      });
      expect((await send(other)).status).toBe(200);
    }
    slow.resolve();
    for (const response of await Promise.all(waiting)) expect(response.status).toBe(200);
    for (const send of apis) expect((await send(own)).status).toBe(200);
  });
});
