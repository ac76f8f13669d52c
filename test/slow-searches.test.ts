import { once } from 'node:events';
import { createServer } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { getRequestListener } from '@hono/node-server';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { clientDisconnected, queryTimeout } from '../src/store/read-budget.ts';
import type { Store } from '../src/store/store.ts';
import { type TestApp, testApp } from './support/app.ts';
import { jsonPost } from './support/json-post.ts';
import { wrapStore } from './support/wrap-store.ts';

/** A slow search: 99 substrings that occur in no log. */
const SLOW = `{ requestLogs(filter: { or: [${Array.from({ length: 99 }, (_, i) => `{ path: { contains: "nowhere${i}" } }`)}] }) { totalCount nodes { id } } }`;

describe('slow searches', () => {
  let app: TestApp;
  let key: string;
  let other: string;
  const replaced: Partial<Store> = {};
  beforeAll(async () => {
    const limits = {
      RELAYLOG_MAX_REQUESTS_IN_FLIGHT: '200',
      RELAYLOG_MAX_REQUESTS_IN_FLIGHT_PER_ORGANIZATION: '200',
    };
    app = await testApp(limits, (store) => wrapStore(store, () => undefined, replaced));
    key = await app.key('acme');
    other = await app.key('other', undefined, 'pro');
    await app.insert(
      ...Array.from({ length: 20_000 }, (_, i) => ({ organizationId: 'acme', requestId: `r${i}` })),
    );
    await app.insert({ organizationId: 'other' });
  });
  afterAll(() => app.close());

  const get = (path: string) => app.request(path, { headers: { authorization: `Bearer ${key}` } });
  const slow = (signal: AbortSignal) =>
    app.request(new Request('http://x/graphql', { ...jsonPost(key, { query: SLOW }), signal }));

  it("do not delay another organization's pages, and are rejected at once above the queue limit", async () => {
    const client = new AbortController();
    const all = Array.from({ length: 150 }, () => slow(client.signal));
    const page =
      '{ requestLogs(sort: { field: DURATION_MS, direction: DESC }) { totalCount nodes { method } } }';
    expect(await app.graphql(other, page)).toEqual({
      status: 200,
      data: { requestLogs: { totalCount: 1, nodes: [{ method: 'GET' }] } },
    });
    const isRejected = async (response: Promise<Response>) => {
      expect((await response).status).toBe(503);
      return response;
    };
    const rejected = await Promise.any(all.map(isRejected));
    expect(rejected.headers.get('retry-after')).toBe('1');
    expect(await rejected.json()).toMatchObject({
      errors: expect.arrayContaining([
        expect.objectContaining({
          message: 'Too many searches are waiting: try again later.',
          extensions: { code: 'UNAVAILABLE' },
        }),
      ]),
    });
    client.abort();
    await Promise.all(all);
    expect((await app.graphql(key, '{ requestLogs { totalCount } }')).data).toEqual({
      requestLogs: { totalCount: 10_000 },
    });
  });

  it('end after their time budget (the store tests check this), and the error of every API says how to narrow the search', async () => {
    replaced.find = replaced.count = async () => {
      throw queryTimeout();
    };
    const narrow = expect.stringContaining('timed out: narrow its createdAt window');
    expect(await app.graphql(key, SLOW)).toMatchObject({
      status: 503,
      errors: expect.arrayContaining([
        expect.objectContaining({ message: narrow, extensions: { code: 'QUERY_TIMEOUT' } }),
      ]),
    });
    const scrip = await get('/v1/logs?auth_type=none&sort_by=duration_ms');
    expect([scrip.status, await scrip.json()]).toEqual([503, { code: 'unavailable', message: narrow }]);
    const signa = await get('/v1/organization/logs?q=nowhere');
    expect([signa.status, await signa.json()]).toMatchObject([
      503,
      { error: { type: 'service_unavailable', detail: narrow } },
    ]);
  });
});

describe('searches whose client has disconnected', () => {
  let app: TestApp;
  let key: string;
  const replaced: Partial<Store> = {};
  beforeAll(async () => {
    app = await testApp({}, (store) => wrapStore(store, () => undefined, replaced));
    key = await app.key('acme');
    await app.insert({ organizationId: 'acme' });
  });
  afterAll(() => app.close());

  it.each([
    ['graphql', `POST /graphql HTTP/1.1`, JSON.stringify({ query: SLOW })],
    ['scrip', 'GET /v1/logs?auth_type=none HTTP/1.1', ''],
    ['signa', 'GET /v1/organization/logs?q=nowhere HTTP/1.1', ''],
  ])('are stopped: %s', async (api, request, body) => {
    const requested = Promise.withResolvers<void>();
    const ended = Promise.withResolvers<void>();
    replaced.find = async (_, options) => {
      requested.resolve();
      await once(options!.signal!, 'abort');
      ended.resolve();
      throw clientDisconnected();
    };
    const server = createServer(getRequestListener((incoming) => app.request(incoming)));
    await once(server.listen(0, '127.0.0.1'), 'listening');
    const socket = connect((server.address() as AddressInfo).port, '127.0.0.1');
    const head = [
      request,
      'Host: x',
      `Authorization: Bearer ${key}`,
      'Content-Type: application/json',
      `Content-Length: ${body.length}`,
    ];
    socket.write(`${head.join('\r\n')}\r\n\r\n${body}`);
    await requested.promise;
    socket.destroy();
    await ended.promise;
    const counted = new RegExp(
      `^relaylog_http_requests_total\\{api="${api}",.*code="CLIENT_CLOSED_REQUEST".*\\} 1$`,
      'm',
    );
    await expect.poll(async () => (await app.request('/metrics')).text()).toMatch(counted);
    await new Promise((done) => server.close(done));
  });
});
