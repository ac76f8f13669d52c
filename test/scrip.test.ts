import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Scope } from '../src/access/scopes.ts';
import { unavailable } from '../src/store/unavailable.ts';
import { sampleLog } from './store/samples.ts';
import { TEST_NOW, type TestApp, testApp } from './support/app.ts';
import { walk } from './support/walk.ts';
import { wrapStore } from './support/wrap-store.ts';

/* Covers each rule of the contract of the Scrip request-log endpoints, in its order. */

interface Row {
  id: string;
  request_id: string;
}
interface List {
  data: Row[];
  pagination: { has_more: boolean; next_cursor: string | null };
}

describe('Scrip', () => {
  let app: TestApp;
  let key: string;
  const at = (ms: number) => new Date(TEST_NOW - 10_000 + ms).toISOString();

  beforeAll(async () => {
    app = await testApp();
    key = await app.key('acme');
    const rows = Array.from({ length: 120 }, (_, i) => ({
      organizationId: 'acme',
      requestId: `s${i}`,
      createdAt: TEST_NOW - 10_000 + (i % 10),
      method: i % 2 === 0 ? 'GET' : 'POST',
      statusCode: [200, 201, 404, 500][i % 4]!,
      durationMs: i % 7 === 0 ? null : i % 5,
      routePattern: i % 3 === 0 ? '/v1/participants/{id}' : null,
      path: `/v1/participants/p_${i}`,
      authType: i % 6 === 0 ? 'jwt' : 'api_key',
    }));
    await app.insert(...rows);
  });
  afterAll(() => app.close());

  const get = (path: string, headers: Record<string, string> = { 'x-api-key': key }) =>
    app.request(path, { headers });
  const list = async (query: string) => {
    const response = await get(`/v1/logs?${query}`);
    const body = (await response.json()) as List;
    expect([response.status, body]).toEqual([200, body]);
    return body;
  };
  const ids = async (query: string) =>
    (await list(`limit=100&${query}`)).data.map((row) => Number(row.request_id.slice(5)));

  describe('answers', () => {
    it('with the documented keys in the documented order, to the byte', async () => {
      const other = await app.key('bytes');
      const [log] = await app.insert({
        organizationId: 'bytes',
        requestId: '01JXYZ',
        createdAt: Date.UTC(2023, 10, 7, 5, 31, 56),
        method: 'GET',
        path: '/v1/participants/p_1',
        statusCode: 200,
        durationMs: 123,
        authType: 'api_key',
        routePattern: '/v1/participants/{id}',
      });
      const response = await get('/v1/logs', { 'x-api-key': other });
      expect(response.headers.get('content-type')).toBe('application/json');
      expect(await response.text()).toBe(
        `{"data":[{"auth_type":"api_key","created_at":"2023-11-07T05:31:56Z","duration_ms":123,"error_code":null,"id":"${log!.id}",` +
          '"method":"GET","path":"/v1/participants/p_1","request_id":"req_01JXYZ","route_pattern":"/v1/participants/{id}","status_code":200}],' +
          '"pagination":{"has_more":false,"next_cursor":null}}',
      );
    });

    it("with the keys of the vendor's own page", async () => {
      const page = readFileSync(new URL('./fixtures/scrip-list.json', import.meta.url), 'utf8');
      const documented = JSON.parse(page) as List;
      const ours = await list('limit=1');
      expect(Object.keys(ours)).toEqual(Object.keys(documented));
      expect(Object.keys(ours.data[0]!)).toEqual(Object.keys(documented.data[0]!));
      expect(Object.keys(ours.pagination)).toEqual(Object.keys(documented.pagination));
    });

    it('with null for missing values, 0 for an unknown duration, and milliseconds if they are not zero', async () => {
      const other = await app.key('nulls');
      await app.insert({
        organizationId: 'nulls',
        requestId: 'n',
        durationMs: null,
        createdAt: TEST_NOW + 7,
      });
      const { data } = (await (await get('/v1/logs', { 'x-api-key': other })).json()) as List;
      expect(data[0]).toMatchObject({
        auth_type: null,
        error_code: null,
        route_pattern: null,
        duration_ms: 0,
        created_at: '2026-04-18T12:00:00.007Z',
      });
    });
  });

  describe('parameters', () => {
    it('limit: default 50, 1 to 100, larger values count as 100', async () => {
      expect((await list('')).data).toHaveLength(50);
      expect((await list('limit=1')).data).toHaveLength(1);
      expect((await list('limit=100')).data).toHaveLength(100);
      expect((await list('limit=101')).data).toHaveLength(100);
      expect((await list('limit=99999999999999999999')).data).toHaveLength(100);
    });

    it('method, route_pattern, request_id, auth_type: exact', async () => {
      expect((await ids('method=post')).every((i) => i % 2 === 1)).toBe(true);
      expect(await ids('method=POST')).toHaveLength(60);
      expect(await ids('method=PO')).toEqual([]);
      expect(await ids(`route_pattern=${encodeURIComponent('/v1/participants/{id}')}`)).toHaveLength(40);
      expect(await ids('route_pattern=/v1/participants/p_3')).toEqual([]);
      expect(await ids('request_id=req_s7')).toEqual([7]);
      expect(await ids('request_id=s7')).toEqual([7]);
      expect(await ids('request_id=s')).toEqual([]);
      expect(await ids('auth_type=jwt')).toHaveLength(20);
      expect(await ids('auth_type=JWT')).toEqual([]);
    });

    it('status_min, status_max: inclusive', async () => {
      expect(await ids('status_min=404&status_max=500')).toHaveLength(60);
      expect(await ids('status_min=405&status_max=499')).toEqual([]);
      expect(await ids('status_min=201&status_max=201')).toHaveLength(30);
      expect(await ids('status_max=200')).toHaveLength(30);
    });

    it('from, to: inclusive at both ends', async () => {
      expect(await ids(`from=${at(3)}&to=${at(3)}`)).toHaveLength(12);
      expect(await ids(`from=${at(8)}`)).toHaveLength(24);
      expect(await ids(`to=${at(1)}`)).toHaveLength(24);
      expect(await ids(`from=${at(3).replace('Z', '0001Z')}&to=${at(4).replace('Z', '9Z')}`)).toHaveLength(
        12,
      );
      expect(await ids('from=2026-04-18T13:59:50.008%2B02:00')).toHaveLength(24);
    });

    it('sort_by, sort_dir: a total order, the same in both directions', async () => {
      for (const by of ['created_at', 'duration_ms', 'status_code']) {
        const down = await walk<Row>((cursor) => list(`limit=13&sort_by=${by}${cursor}`).then(next), 200);
        const up = await walk<Row>(
          (cursor) => list(`limit=50&sort_by=${by}&sort_dir=asc${cursor}`).then(next),
          200,
        );
        expect(new Set(down.map(({ id }) => id)).size).toBe(120);
        expect(up.reverse()).toEqual(down);
      }
      expect(await list('sort_by=created_at&sort_dir=desc')).toMatchObject({ data: (await list('')).data });
    });

    it('an instant between two milliseconds is an empty window', async () => {
      const instant = at(3).replace('Z', '5Z');
      expect(await ids(`from=${instant}&to=${instant}`)).toEqual([]);
    });

    const ignored = async (path: string, headers?: Record<string, string>) =>
      (await get(path, headers)).headers.get('x-ignored-parameters');

    it('unknown parameters are ignored, and named in a header', async () => {
      expect((await list('foo=1&foo=2&limit=2')).data).toHaveLength(2);
      expect(await ignored('/v1/logs?foo=1&limit=2&foo=2&status_mim=400')).toBe('foo, status_mim');
      expect(await ignored('/v1/logs?limit=2&Limit=3&status[]=4')).toBe('Limit, status%5B%5D');
      expect(await ignored('/v1/logs?limit=2')).toBeNull();
      expect(await ignored('/v1/logs?')).toBeNull();
    });

    it('every response names them, also an error and the response for one log', async () => {
      const [log] = await app.insert({ organizationId: 'acme', requestId: 'one' });
      expect(await ignored(`/v1/logs/${log!.id}?limit=2`)).toBe('limit');
      expect(await ignored('/v1/logs?limit=0&foo=1')).toBe('foo');
      expect(await ignored('/v1/logs?foo=1', {})).toBe('foo');
    });

    it.each([
      ['?=1&%20=2', '"", %20'],
      ['?a%0D%0ASet-Cookie:%20x=1', 'a%0D%0ASet-Cookie%3A%20x'],
      ['?%F0%9F%92%A9=1&a,b=1&%FF=1', '%F0%9F%92%A9, a%2Cb, %EF%BF%BD'],
      [`?${'x'.repeat(5_000)}=1`, '...'],
      [`?short=1&${'y'.repeat(5_000)}=1`, 'short, ...'],
    ])('the header can hold any name: %s', async (search, expected) => {
      expect(await ignored(`/v1/logs${search}`)).toBe(expected);
    });

    it('the header has at most about a thousand characters', async () => {
      const many = Array.from({ length: 2_000 }, (_, i) => `p${i}=1`).join('&');
      const names = (await ignored(`/v1/logs?${many}`))!;
      expect(names).toMatch(/^(p\d+, )+\.\.\.$/);
      expect(names.length).toBeLessThan(1_010);
    });

    const wrong: readonly [string, string][] = [
      ['limit=0', "Parameter 'limit' must be an integer of at least 1."],
      ['limit=-1', "Parameter 'limit' must be an integer of at least 1."],
      ['limit=1.5', "Parameter 'limit' must be an integer of at least 1."],
      ['limit=ten', "Parameter 'limit' must be an integer of at least 1."],
      ['limit=', "Parameter 'limit' must not be empty; omit it instead."],
      ['limit=1&limit=2', "Parameter 'limit' must not be given more than once."],
      ['method=', "Parameter 'method' must not be empty; omit it instead."],
      ['cursor=nonsense', 'The cursor is malformed'],
      ['status_min=x', "Parameter 'status_min' must be an integer."],
      ['status_min=500&status_max=400', "Parameter 'status_min' must not be above 'status_max'."],
      ['from=2026-04-18', "Parameter 'from' must be an RFC 3339 date-time, such as 2026-01-31T23:59:59Z."],
      ['from=2026-02-30T00:00:00Z', "Parameter 'from' must be an RFC 3339 date-time"],
      ['from=2026-04-18T00:00:00+02:00', 'as %2B'],
      ['to=tomorrow', "Parameter 'to' must be an RFC 3339 date-time"],
      ['from=2026-04-18T00:00:00.0005Z&to=2026-04-18T00:00:00Z', "Parameter 'from' must not be after 'to'."],
      ['from=2026-04-18T00:00:01Z&to=2026-04-18T00:00:00Z', "Parameter 'from' must not be after 'to'."],
      ['sort_by=path', "Parameter 'sort_by' must be one of created_at, duration_ms, status_code."],
      ['sort_dir=DESC', "Parameter 'sort_dir' must be one of asc, desc."],
      ['method=%FF', "Parameter 'method' must be well-formed UTF-8."],
    ];
    it.each(wrong)('%s: 400', async (query, message) => {
      const response = await get(`/v1/logs?${query}`);
      expect(response.status).toBe(400);
      const body = (await response.json()) as { message: string };
      expect(Object.keys(body)).toEqual(['code', 'message']);
      expect(body).toMatchObject({ code: 'invalid_request', message: expect.stringContaining(message) });
    });

    it('cursor: filters and sorts are compared by meaning', async () => {
      const { next_cursor } = (await list('limit=1&method=get&status_min=200&from=2026-04-18T00:00:00Z'))
        .pagination;
      for (const same of [
        'method=GET&status_min=200&from=2026-04-18T00:00:00Z',
        'from=2026-04-18T02:00:00.000%2B02:00&status_min=%2B0200&method=gEt',
        'from=2026-04-18T00:00:00Z&status_min=200&method=GET&sort_by=created_at&sort_dir=desc&limit=100',
      ]) {
        expect([same, (await get(`/v1/logs?${same}&cursor=${next_cursor}`)).status]).toEqual([same, 200]);
      }
    });

    it('cursor: valid only with its filter and sort', async () => {
      const { next_cursor } = (await list('limit=2')).pagination;
      expect((await get(`/v1/logs?limit=2&cursor=${next_cursor}`)).status).toBe(200);
      expect((await get(`/v1/logs?limit=50&cursor=${next_cursor}`)).status).toBe(200);
      for (const other of ['method=GET', 'sort_dir=asc', 'sort_by=status_code', 'status_min=200']) {
        const response = await get(`/v1/logs?limit=2&cursor=${next_cursor}&${other}`);
        expect([other, response.status]).toEqual([other, 400]);
      }
    });
  });

  it('a walk during inserts returns each row once, at two page sizes', async () => {
    const own = await app.key('moving');
    const organizationId = 'moving';
    await app.insert(
      ...Array.from({ length: 60 }, (_, i) => ({
        organizationId,
        requestId: `m${i}`,
        createdAt: TEST_NOW - (i % 4),
      })),
    );
    for (const limit of [7, 100]) {
      let late = 0;
      const seen = await walk<Row>(async (cursor) => {
        const response = await get(`/v1/logs?limit=${limit}${cursor}`, { 'x-api-key': own });
        await app.insert({ organizationId, requestId: `late${limit}-${late++}`, createdAt: TEST_NOW + 1 });
        return next((await response.json()) as List);
      }, 500);
      const old = seen.filter(({ request_id }) => request_id.startsWith('req_m'));
      expect(old).toHaveLength(60);
      expect(new Set(seen.map(({ id }) => id)).size).toBe(seen.length);
    }
  });

  describe('GET /v1/logs/{id}', () => {
    it('answers with the documented keys in the documented order', async () => {
      const [log] = await app.insert({
        organizationId: 'acme',
        requestId: 'bare',
        ipAddress: '::1',
        userAgent: 'curl',
      });
      const response = await get(`/v1/logs/${log!.id}`);
      expect(response.status).toBe(200);
      expect(await response.text()).toBe(
        `{"auth_type":null,"created_at":"2026-04-18T11:59:59Z","duration_ms":12,"error_code":null,"id":"${log!.id}","ip_address":"::1",` +
          '"method":"GET","path":"/v1/things","request_body":{},"request_id":"req_bare","response_body":{},"route_pattern":null,' +
          '"status_code":200,"user_agent":"curl"}',
      );
    });

    it('shows bodies as recorded, and always as objects', async () => {
      const log = sampleLog({ organizationId: 'acme', requestId: 'bodies', createdAt: TEST_NOW });
      const payload = {
        requestHeaders: null,
        requestBody: { a: [1] },
        responseHeaders: null,
        responseBody: ['x'],
      };
      await app.store.insert([{ log, payload }]);
      expect(await (await get(`/v1/logs/${log.id}`)).json()).toMatchObject({
        request_body: { a: [1] },
        response_body: { value: ['x'] },
      });
    });

    it('404 with the same body for a malformed id, an unknown id and a log of another organization', async () => {
      const stranger = await app.key('stranger');
      const [log] = await app.insert({ organizationId: 'acme', requestId: 'mine' });
      const answers = await Promise.all([
        get('/v1/logs/nonsense'),
        get(`/v1/logs/${log!.id.toUpperCase()}`),
        get('/v1/logs/0197f3f0-7c1e-7b7a-9c55-0c4f5c6f2a11'),
        get('/v1/logs/0197f3f0-7c1e-4b7a-9c55-0c4f5c6f2a11'),
        get(`/v1/logs/${log!.id}`, { 'x-api-key': stranger }),
      ]);
      for (const answer of answers) {
        expect(answer.status).toBe(404);
        expect(await answer.text()).toBe('{"code":"not_found","message":"no such log"}');
      }
    });
  });

  it.each(['/v1/logs/', '/v1/logs/a/b'])(
    '%s: 404 in the same format, with the same headers',
    async (path) => {
      const response = await get(path);
      expect(response.status).toBe(404);
      expect(Object.keys((await response.json()) as object)).toEqual(['code', 'message']);
      expect(response.headers.has('x-ratelimit-limit')).toBe(true);
      const posted = await app.request('/v1/logs', { method: 'POST', headers: { 'x-api-key': key } });
      expect([posted.status, posted.headers.has('x-ratelimit-limit')]).toEqual([405, true]);
    },
  );

  it('accepts X-API-Key if a proxy adds an Authorization header of another kind', async () => {
    expect((await get('/v1/logs', { 'x-api-key': key, authorization: 'Basic eA==' })).status).toBe(200);
    expect(
      (await get('/v1/logs', { 'x-api-key': key, authorization: `Bearer rlk_${'A'.repeat(43)}` })).status,
    ).toBe(401);
  });

  it('503 with the reason if the plan is no longer configured', async () => {
    await app.store.createOrganization({ id: 'lost', plan: 'gone', createdAt: 0 });
    const response = await get('/v1/logs', { 'x-api-key': await app.key('lost') });
    expect(response.status).toBe(503);
    expect(await response.json()).toMatchObject({
      message: 'The plan gone of organization lost is not configured.',
    });
  });

  describe('errors', () => {
    it.each([
      ['no key', {}],
      ['a malformed key', { 'x-api-key': 'x' }],
      ['an unknown key', { 'x-api-key': `rlk_${'A'.repeat(43)}` }],
      ['another kind of authorization', { authorization: 'Basic eA==' }],
    ])('401 for %s, not counted', async (_name, headers) => {
      const response = await get('/v1/logs', headers as Record<string, string>);
      expect(response.status).toBe(401);
      expect(await response.text()).toBe('{"code":"unauthorized","message":"invalid or revoked API key"}');
      expect(response.headers.get('x-ratelimit-remaining')).toBe(response.headers.get('x-ratelimit-limit'));
    });

    it('401 for a revoked key', async () => {
      const revoked = await app.key('acme');
      await app.revoke(revoked);
      expect((await get('/v1/logs', { 'x-api-key': revoked })).status).toBe(401);
    });

    it('accepts the key as a bearer token', async () => {
      expect((await get('/v1/logs', { authorization: `Bearer ${key}` })).status).toBe(200);
    });

    it.each(['/v1/logs', '/v1/logs/x'])('403 for a key that may not read logs: %s', async (path) => {
      const weak = await app.key('acme', ['billing:read', 'logs:write'] satisfies Scope[]);
      const response = await get(path, { 'x-api-key': weak });
      expect(response.status).toBe(403);
      expect(await response.text()).toBe('{"code":"forbidden","message":"the API key may not read logs"}');
    });

    it('500 and 503 without internals', async () => {
      let failure: unknown;
      const broken = await testApp({}, (store) =>
        wrapStore(store, () => {}, { find: () => Promise.reject(failure) }),
      );
      const own = await broken.key('acme');
      const send = () => broken.request('/v1/logs', { headers: { 'x-api-key': own } });
      failure = new Error('secret internals');
      const internal = await send();
      expect([internal.status, await internal.text()]).toEqual([
        500,
        '{"code":"internal_error","message":"internal error"}',
      ]);
      failure = unavailable('the disk is full');
      const unreachable = await send();
      expect(unreachable.status).toBe(503);
      expect(Number(unreachable.headers.get('retry-after'))).toBeGreaterThan(0);
      expect(await unreachable.json()).toMatchObject({ code: 'unavailable' });
      expect(unreachable.headers.has('x-ratelimit-limit')).toBe(true);
      await broken.close();
    });
  });

  it('rate limit: one bucket per organization, with its headers on every response', async () => {
    const own = await testApp({
      RELAYLOG_SCRIP_REQUESTS_PER_SECOND: '10',
      RELAYLOG_SCRIP_BURST_REQUESTS: '30',
    });
    const [first, second] = [await own.key('acme'), await own.key('acme')];
    const other = await own.key('globex');
    const send = (one: string, query = '') =>
      own.request(`/v1/logs${query}`, { headers: { 'x-api-key': one } });
    const header = (response: Response, name: string) => response.headers.get(`x-ratelimit-${name}`);

    const one = await send(first);
    expect([header(one, 'limit'), header(one, 'remaining'), header(one, 'reset')]).toEqual([
      '30',
      '29',
      String(TEST_NOW / 1000 + 1),
    ]);
    expect(header(await send(first, '?limit=0'), 'remaining')).toBe('28');
    for (let i = 0; i < 28; i++) expect((await send(i % 2 ? first : second)).status).toBe(200);
    const rejected = await send(second);
    expect(rejected.status).toBe(429);
    expect(await rejected.text()).toBe('{"code":"too_many_requests","message":"rate limit exceeded"}');
    expect(rejected.headers.get('retry-after')).toBe('1');
    expect(header(rejected, 'remaining')).toBe('0');
    expect((await send(other)).status).toBe(200);
    own.setNow(TEST_NOW + 100);
    expect((await send(first)).status).toBe(200);
    expect((await send(first)).status).toBe(429);
    own.setNow(TEST_NOW + 3_100);
    expect(header(await send(first), 'remaining')).toBe('29');
    await own.close();
  });
});

function next({ data, pagination }: List) {
  expect(pagination.next_cursor === null).toBe(!pagination.has_more);
  return { rows: data, cursor: pagination.next_cursor };
}
