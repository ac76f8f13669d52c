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

describe('logs and metrics', () => {
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
  const query = (text: string, headers: Record<string, string> = {}) =>
    app.post(key, { query: text }, headers);
  const metrics = async () => (await app.request('/metrics')).text();
  const sample = async (start: string) => {
    const line = (await metrics()).split('\n').find((one) => one.startsWith(start));
    return line === undefined ? null : Number(line.split(' ').at(-1));
  };

  it('each request has one log line, with the request id of the response', async () => {
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

  it('the request id in a Signa body is the logged one', async () => {
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
  ])('a GraphQL client may send a request id of its own: %s', async (sent, kept) => {
    const response = await query('{ viewer { plan } }', { 'x-request-id': sent });
    const shown = response.headers.get('x-request-id');
    if (kept) expect(shown).toBe(sent);
    else expect(shown).toMatch(OWN_ID);
    expect(requestLines()).toMatchObject([{ requestId: shown }]);
  });

  it('concurrent requests each have their own line and request id', async () => {
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

  it('/metrics has every metric of the table with its type and help, the build info, and each cache under its label', async () => {
    await query('{ viewer { plan } }');
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

  it('every kind of response has a request id', async () => {
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

  it('log lines contain no key, hash, path, query string or filter', async () => {
    await get(`/v1/logs?request_id=S3CRET&api_key=${key}`);
    await get('/v1/logs/S3CRET?token=S3CRET');
    await get('/nowhere/S3CRET?token=S3CRET', { cookie: 'S3CRET' });
    await query('query Q { requestLogs(filter: { path: { eq: "S3CRET" } }) { nodes { id } } }');
    await app.request('/v1/logs', { headers: { 'x-api-key': `${key}x` } });
    await app.post(key, [{ path: '/?token=S3CRET' }], {}, '/ingest/v1/request-logs');
    expect(requestLines().length).toBeGreaterThan(3);
    expect(raw.join('')).not.toMatch(/S3CRET|rlk_|[0-9a-f]{64}/);
  });

  it('an unexpected error is logged with its stack and the request id of the response, which contains no stack', async () => {
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

  it('requests are counted by API, operation and code, and store calls by method', async () => {
    await query('query Newest { requestLogs(first: 1) { nodes { id } } }');
    await query('query Newest { requestLogs(first: 0) { nodes { id } } }');
    await query('{ nonsense }');
    broken.find = () => Promise.reject(new RelaylogError('UNAVAILABLE', 'unavailable'));
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

  it('each cache reports its size, hits and evictions', async () => {
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
    const text = 'query Same { requestLogs(first: 1) { nodes { routePattern } } }';
    for (let i = 0; i < 3; i++) await Promise.all([query(text), get('/v1/logs?limit=7')]);
    const [sizes, before] = [await figures('entries'), await figures('hits_total')];
    await Promise.all([query(text), get('/v1/logs?limit=7')]);
    const after = await figures('hits_total');
    caches.forEach((name, i) => {
      expect(sizes[i], name).toBeGreaterThan(0);
      expect(after[i], name).toBeGreaterThan(before[i]!);
    });
    expect(await figures('evictions_total')).toEqual(caches.map(() => 0));
  });

  it('at most a hundred operation names have a label value of their own', async () => {
    for (let i = 0; i < 150; i++) await query(`query Name${i} { viewer { plan } }`);
    await query(`query ${'N'.repeat(65)} { viewer { plan } }`);
    const names = new Set([...(await metrics()).matchAll(/operation="(\w+)"/g)].map(([, name]) => name));
    expect(names.size).toBeLessThanOrEqual(101);
    expect(names).toContain('other');
    expect(await sample('relaylog_graphql_operation_names')).toBe(100);
    // Routes are not chosen by clients and do not count.
    await get('/v1/organization/logs/req_nobody');
    const route = '/v1/organization/logs/:request_id';
    expect(
      await sample(`relaylog_http_requests_total{api="signa",operation="${route}",code="NOT_FOUND"}`),
    ).toBeGreaterThan(0);
  });

  it('only the first use of a key writes an audit line', async () => {
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

it('/metrics requires the token if one is set', async () => {
  const app = await testApp({ RELAYLOG_METRICS_TOKEN: 'scraper' });
  const status = async (headers: Record<string, string>) =>
    (await app.request('/metrics', { headers })).status;
  expect(await status({})).toBe(401);
  expect(await status({ authorization: 'Bearer scrape' })).toBe(401);
  expect(await status({ authorization: 'Bearer scraper' })).toBe(200);
  await app.close();
});

it('is live but not ready while the store is unavailable', async () => {
  const app = await testApp({}, (store) =>
    wrapStore(store, () => undefined, {
      ping: () => Promise.reject(new RelaylogError('UNAVAILABLE', 'The log store is unavailable.')),
    }),
  );
  expect((await app.request('/livez')).status).toBe(200);
  const ready = await app.request('/readyz');
  expect([ready.status, await ready.text()]).toEqual([503, 'The log store is unavailable.\n']);
  await app.close();
});
