import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { finishDeferred } from '../src/lib/deferred.ts';
import { RelaylogError } from '../src/log/errors.ts';
import type { Store } from '../src/store/store.ts';
import { CACHES, METRICS } from '../src/telemetry/metric-table.ts';
import { VERSION } from '../src/version.ts';
import { type TestApp, testApp } from './support/app.ts';
import { wrapStore } from './support/wrap-store.ts';

type Line = Record<string, unknown>;
const OWN_ID = /^req_[0-9A-HJKMNP-TV-Z]{26}$/;

describe('what the server tells its operator', () => {
  const raw: string[] = [];
  const broken: Partial<Store> = {};
  let app: TestApp;
  let key: string;
  beforeAll(async () => {
    app = await testApp(
      { RELAYLOG_LOG_LEVEL: 'info' },
      (store) => wrapStore(store, () => undefined, broken),
      (line) => raw.push(line),
    );
    key = await app.key('acme');
    await app.insert({ organizationId: 'acme' });
  });
  afterAll(() => app.close());
  beforeEach(() => {
    finishDeferred();
    raw.length = 0;
    for (const name of Object.keys(broken) as (keyof Store)[]) delete broken[name];
  });

  const lines = () => {
    finishDeferred();
    return raw.map((line): Line => JSON.parse(line));
  };
  const requestLines = () => lines().filter(({ msg }) => msg === 'request');
  const get = (path: string, headers: Record<string, string> = {}) =>
    app.request(path, { headers: { authorization: `Bearer ${key}`, ...headers } });
  const ask = (query: string, headers: Record<string, string> = {}) => app.post(key, { query }, headers);
  const metrics = async () => (await app.request('/metrics')).text();
  const sample = async (start: string) => {
    const line = (await metrics()).split('\n').find((one) => one.startsWith(start));
    return line === undefined ? null : Number(line.split(' ').at(-1));
  };

  it('one line for each request, with the id that the response has', async () => {
    const response = await get('/v1/logs?limit=1');
    expect(response.headers.get('x-request-id')).toMatch(OWN_ID);
    expect(requestLines()).toEqual([
      {
        level: 30,
        time: expect.any(Number),
        msg: 'request',
        requestId: response.headers.get('x-request-id'),
        method: 'GET',
        api: 'scrip',
        operation: '/v1/logs',
        code: 'OK',
        status: 200,
        ms: expect.any(Number),
        organizationId: 'acme',
        keyId: expect.stringMatching(/^key_/),
        storeCalls: expect.any(Number),
        storeMs: expect.any(Number),
      },
    ]);
  });

  it("Signa's own id is the one that is logged", async () => {
    const response = await get('/v1/organization/logs?limit=1', { 'x-request-id': 'mine' });
    const { request_id } = (await response.json()) as { request_id: string };
    expect(request_id).toMatch(OWN_ID);
    expect(response.headers.get('x-request-id')).toBe(request_id);
    expect(requestLines()).toMatchObject([{ requestId: request_id, api: 'signa' }]);
  });

  it.each([
    ['mine-1.2:3_4', true],
    ['x'.repeat(64), true],
    ['x'.repeat(65), false],
    ['a b', false],
    ['"><script>', false],
  ])('a client of GraphQL may send its own id: %s', async (sent, kept) => {
    const response = await ask('{ viewer { plan } }', { 'x-request-id': sent });
    const shown = response.headers.get('x-request-id');
    if (kept) expect(shown).toBe(sent);
    else expect(shown).toMatch(OWN_ID);
    expect(requestLines()).toMatchObject([{ requestId: shown }]);
  });

  it('requests in flight at once each have a line of their own, with their own id', async () => {
    const responses = await Promise.all(
      ['/v1/logs', '/livez', '/v1/logs?limit=x', '/v1/logs'].map((path) => get(path)),
    );
    const ids = responses.map(({ headers }) => headers.get('x-request-id'));
    expect(new Set(ids).size).toBe(4);
    const logged = requestLines().map(({ requestId, status }) => [requestId, status]);
    expect(logged.sort()).toEqual(
      [
        [ids[0], 200],
        [ids[2], 400],
        [ids[3], 200],
      ].sort(),
    );
  });

  it('shows every metric of the table with its type and help, what is built, and each cache under its label', async () => {
    await ask('{ viewer { plan } }');
    const text = await metrics();
    for (const [name, { type, help }] of Object.entries(METRICS)) {
      expect(text).toContain(`# HELP ${name} ${help}\n# TYPE ${name} ${type}\n`);
    }
    const shown = [...text.matchAll(/^# TYPE (relaylog_\w+)/gm)].map(([, name]) => name);
    expect(shown.sort()).toEqual(Object.keys(METRICS).sort());
    expect(text).toContain(`relaylog_build_info{version="${VERSION}",node_version="${process.version}"} 1\n`);
    const caches = [...text.matchAll(/^relaylog_cache_entries{cache="(\w+)"}/gm)].map(([, name]) => name);
    expect(caches.sort()).toEqual(Object.keys(CACHES).sort());
  });

  it('every kind of answer has an id', async () => {
    const all = [
      await app.request('/v1/logs'),
      await app.request('/nowhere'),
      await app.request('/livez'),
      await app.request('/openapi.json'),
      await app.request('/graphql', { headers: { accept: 'text/html' } }),
      await app.request('/ingest/v1/request-logs', { method: 'POST', body: '[]' }),
    ];
    for (const response of all) expect(response.headers.get('x-request-id')).toMatch(OWN_ID);
  });

  it('nothing secret is written: no key, no query string, no path, no filter, no hash', async () => {
    await get(`/v1/logs?request_id=S3CRET&api_key=${key}`);
    await get('/v1/logs/S3CRET?token=S3CRET');
    await get('/nowhere/S3CRET?token=S3CRET', { cookie: 'S3CRET' });
    await ask('query Q { requestLogs(filter: { path: { eq: "S3CRET" } }) { nodes { id } } }');
    await app.request('/v1/logs', { headers: { 'x-api-key': `${key}x` } });
    await app.post(key, [{ path: '/?token=S3CRET' }], {}, '/ingest/v1/request-logs');
    expect(requestLines().length).toBeGreaterThan(3);
    expect(raw.join('')).not.toMatch(/S3CRET|rlk_|[0-9a-f]{64}/);
  });

  it('an unexpected error is logged with its stack and the id that the client has; the client sees no stack', async () => {
    broken.find = () => Promise.reject(new Error('the secret reason'));
    const response = await get('/v1/logs');
    expect(response.status).toBe(500);
    expect(await response.text()).not.toMatch(/secret|stack| at /);
    const [error, request] = lines();
    expect(error).toMatchObject({
      level: 50,
      msg: 'unexpected error',
      requestId: response.headers.get('x-request-id'),
      err: { message: 'the secret reason', stack: expect.stringContaining('ops.test.ts') },
    });
    expect(request).toMatchObject({ code: 'INTERNAL_SERVER_ERROR', status: 500 });
  });

  it('counts requests by API, operation and code, and calls by store call', async () => {
    await ask('query Newest { requestLogs(first: 1) { nodes { id } } }');
    await ask('query Newest { requestLogs(first: 0) { nodes { id } } }');
    await ask('{ nonsense }');
    broken.find = () => Promise.reject(new RelaylogError('UNAVAILABLE', 'away'));
    await get('/v1/logs');
    const count = (api: string, operation: string, code: string) =>
      sample(`relaylog_http_requests_total{api="${api}",operation="${operation}",code="${code}"}`);
    expect(await count('graphql', 'Newest', 'OK')).toBe(1);
    expect(await count('graphql', 'Newest', 'BAD_USER_INPUT')).toBe(1);
    expect(await count('graphql', 'none', 'BAD_USER_INPUT')).toBe(1);
    expect(await count('scrip', '/v1/logs', 'UNAVAILABLE')).toBe(1);
    expect(
      await sample('relaylog_http_request_duration_seconds_count{api="graphql",operation="Newest"}'),
    ).toBe(2);
    expect(await sample('relaylog_store_call_errors_total{call="find",code="UNAVAILABLE"}')).toBe(1);
    expect(await sample('relaylog_store_call_duration_seconds_count{call="findKeyOwner"}')).toBeGreaterThan(
      3,
    );
    expect(await sample('relaylog_http_requests_in_flight{api="graphql"}')).toBe(0);
    expect(await sample('relaylog_ingest_batches_pending')).toBe(0);
    expect(await sample('process_resident_memory_bytes')).toBeGreaterThan(1e6);
    expect(await sample('nodejs_eventloop_lag_p99_seconds')).toBeGreaterThanOrEqual(0);
  });

  it('shows how large each cache is, what was found in it, and what gave way', async () => {
    const caches = [
      'key_owners',
      'sqlite_statements',
      'sqlite_names',
      'compiled_operations',
      'operation_costs',
      'parameter_values',
    ];
    const figures = (family: string) =>
      Promise.all(caches.map((name) => sample(`relaylog_cache_${family}{cache="${name}"} `)));
    const query = 'query Same { requestLogs(first: 1) { nodes { routePattern } } }';
    for (let i = 0; i < 3; i++) await Promise.all([ask(query), get('/v1/logs?limit=7')]);
    const [sizes, before] = [await figures('entries'), await figures('hits_total')];
    await Promise.all([ask(query), get('/v1/logs?limit=7')]);
    const after = await figures('hits_total');
    caches.forEach((name, i) => {
      expect(sizes[i], name).toBeGreaterThan(0);
      expect(after[i], name).toBeGreaterThan(before[i]!);
    });
    expect(await figures('evictions_total')).toEqual(caches.map(() => 0));
  });

  it('tells at most a hundred operation names apart, however many are sent', async () => {
    for (let i = 0; i < 150; i++) await ask(`query Name${i} { viewer { plan } }`);
    await ask(`query ${'N'.repeat(65)} { viewer { plan } }`);
    const names = new Set([...(await metrics()).matchAll(/operation="(\w+)"/g)].map(([, name]) => name));
    expect(names.size).toBeLessThanOrEqual(101);
    expect(names).toContain('other');
    expect(await sample('relaylog_graphql_operation_names')).toBe(100);
    // Routes are no names that clients choose.
    await get('/v1/organization/logs/req_nobody');
    const route = '/v1/organization/logs/:request_id';
    expect(
      await sample(`relaylog_http_requests_total{api="signa",operation="${route}",code="NOT_FOUND"}`),
    ).toBeGreaterThan(0);
  });

  it('tells of a key when it is used first, and not again', async () => {
    const fresh = await app.key('beta');
    for (let i = 0; i < 3; i++) await get('/v1/logs', { authorization: `Bearer ${fresh}` });
    expect(lines().filter(({ audit }) => audit !== undefined)).toEqual([
      {
        level: 30,
        time: expect.any(Number),
        audit: 'key.used',
        msg: 'key.used',
        requestId: expect.stringMatching(OWN_ID),
        keyId: expect.stringMatching(/^key_/),
        organizationId: 'beta',
      },
    ]);
  });
});

it('metrics are closed to who lacks the token, where one is set', async () => {
  const app = await testApp({ RELAYLOG_METRICS_TOKEN: 'scraper' });
  const status = async (headers: Record<string, string>) =>
    (await app.request('/metrics', { headers })).status;
  expect(await status({})).toBe(401);
  expect(await status({ authorization: 'Bearer scrape' })).toBe(401);
  expect(await status({ authorization: 'Bearer scraper' })).toBe(200);
  await app.close();
});

it('is not ready while the store is away, and lives all the same', async () => {
  const app = await testApp({}, (store) =>
    wrapStore(store, () => undefined, {
      ping: () => Promise.reject(new RelaylogError('UNAVAILABLE', 'The log store is away.')),
    }),
  );
  expect((await app.request('/livez')).status).toBe(200);
  const ready = await app.request('/readyz');
  expect([ready.status, await ready.text()]).toEqual([503, 'The log store is away.\n']);
  await app.close();
});
