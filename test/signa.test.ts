import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { unavailable } from '../src/store/unavailable.ts';
import { TEST_NOW, type TestApp, testApp } from './support/app.ts';
import { walk } from './support/walk.ts';
import { wrapStore } from './support/wrap-store.ts';

/* Covers each rule of the contract of the Signa request-log endpoints, in its order. */

interface Row {
  request_id: string;
  created_at: string;
}
interface List {
  object: string;
  data: Row[];
  has_more: boolean;
  pagination: { cursor: string | null; total_count?: number; total_count_approximate?: boolean };
  request_id: string;
}
interface ErrorBody {
  error: { type: string; title: string; detail: string; retry_after: number | null };
  request_id: string;
}

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const PATH = '/v1/organization/logs';

describe('Signa', () => {
  let app: TestApp;
  let key: string;
  beforeAll(async () => {
    app = await testApp();
    key = await app.key('acme');
    const rows = Array.from({ length: 120 }, (_, i) => ({
      organizationId: 'acme',
      requestId: `01S${i}`,
      createdAt: TEST_NOW - 10_000 - (i % 10),
      method: i % 2 === 0 ? 'GET' : 'POST',
      statusCode: [200, 201, 404, 500][i % 4]!,
      path: ['/v1/100%', '/v1/under_score', '/v1/Dot.star*', '/v1/(paren/Élan'][i % 4]!,
      apiKeyId: i % 3 === 0 ? 'key_1' : null,
    }));
    await app.insert(...rows);
  });
  afterAll(() => app.close());

  const get = (path: string, token = key) =>
    app.request(path, { headers: { authorization: `Bearer ${token}` } });
  const list = async (query = '', token = key) => {
    const response = await get(`${PATH}?${query}`, token);
    const body = (await response.json()) as List;
    expect([response.status, body]).toEqual([200, body]);
    return body;
  };
  const numbers = async (query: string) =>
    (await list(`limit=100&${query}`)).data.map((row) => Number(row.request_id.slice(7)));
  const rejected = async (query: string, token = key) => {
    const response = await get(`${PATH}?${query}`, token);
    const { error } = (await response.json()) as ErrorBody;
    return { status: response.status, ...error };
  };

  describe('answers', () => {
    it("with the bytes of the vendor's own page, for the rows of that page", async () => {
      const own = await app.key('vendor');
      const shared = { organizationId: 'vendor', method: 'GET', apiKeyPrefix: 'sig_7kMn' };
      await app.insert(
        {
          ...shared,
          requestId: '01HXYZ...',
          path: '/v1/trademarks',
          statusCode: 200,
          durationMs: 142,
          endpointType: 'search',
          billedUnits: 1,
          createdAt: Date.UTC(2026, 3, 18, 10, 12, 33),
        },
        {
          ...shared,
          requestId: '01HXYA...',
          path: '/v1/trademarks/tm_bogus',
          statusCode: 404,
          durationMs: 18,
          endpointType: 'read',
          billedUnits: 0,
          errorType: 'not_found',
          errorDetail: 'Trademark tm_bogus does not exist.',
          createdAt: Date.UTC(2026, 3, 18, 10, 11, 5),
        },
        { ...shared, requestId: 'older', createdAt: Date.UTC(2026, 3, 18, 10) },
      );
      const response = await get(`${PATH}?limit=2`, own);
      const text = await response.text();
      const { pagination, request_id } = JSON.parse(text) as List;
      const page = readFileSync(new URL('./fixtures/signa-list.json', import.meta.url), 'utf8');
      const documented = JSON.stringify(JSON.parse(page))
        .replace('"eyJpZCI6I..."', JSON.stringify(pagination.cursor))
        .replace('"req_currentCall"', JSON.stringify(request_id));
      expect(text).toBe(documented);
      expect(response.headers.get('content-type')).toBe('application/json');
      expect(response.headers.get('x-request-id')).toBe(request_id);
      expect(request_id).toMatch(/^req_[0-9A-HJKMNP-TV-Z]{26}$/);
    });

    it('with a null cursor on the last page', async () => {
      expect(await list('status_code=599')).toEqual({
        object: 'list',
        data: [],
        has_more: false,
        pagination: { cursor: null },
        request_id: expect.any(String),
      });
    });

    it('newest first, each row once, at two page sizes', async () => {
      const walks = [];
      for (const limit of [7, 100]) {
        walks.push(
          await walk<Row>(async (cursor) => {
            const { data, has_more, pagination } = await list(`limit=${limit}${cursor}`);
            expect(pagination.cursor !== null).toBe(has_more);
            return { rows: data, cursor: pagination.cursor };
          }, 100),
        );
      }
      expect(walks[0]).toHaveLength(120);
      expect(new Set(walks[0]!.map((row) => row.request_id)).size).toBe(120);
      expect(walks[1]).toEqual(walks[0]);
      const times = walks[0]!.map((row) => row.created_at);
      expect(times).toEqual([...times].sort().reverse());
    });
  });

  describe('parameters', () => {
    it('status_code, method, api_key_id: exact', async () => {
      expect(await numbers('status_code=404')).toHaveLength(30);
      expect((await numbers('method=post')).every((i) => i % 2 === 1)).toBe(true);
      expect(await numbers('api_key_id=key_1')).toHaveLength(40);
      expect(await numbers('api_key_id=key_')).toEqual([]);
    });

    it.each([
      ['100%25', 30],
      ['R_S', 30],
      ['dot.STAR*', 30],
      ['(PAREN', 30],
      ['élan', 30],
      ['UNDER_ſcore', 30],
      ['1_0', 0],
      ['d.t', 0],
      ['req_01s11', 11],
      ['EQ_01S119', 1],
      ['01s119', 1],
      ['req_', 120],
    ])('q=%s: a literal substring of path or request id', async (q, count) => {
      expect((await list(`limit=100&include_total=true&q=${q}`)).pagination.total_count).toBe(count);
    });

    it('limit: default 50, 1 to 100', async () => {
      expect((await list()).data).toHaveLength(50);
      expect((await list('limit=1')).data).toHaveLength(1);
      expect((await list('limit=100')).data).toHaveLength(100);
    });

    it('include_total=true adds the counts to pagination', async () => {
      const { pagination } = await list('limit=2&include_total=true');
      expect(Object.entries(pagination)).toEqual([
        ['cursor', expect.any(String)],
        ['total_count', 120],
        ['total_count_approximate', false],
      ]);
      expect(Object.keys((await list('limit=2&include_total=false')).pagination)).toEqual(['cursor']);
      const own = await app.key('many');
      await app.insert(
        ...Array.from({ length: 10_001 }, (_, i) => ({ organizationId: 'many', requestId: `${i}` })),
      );
      expect((await list('include_total=true', own)).pagination).toMatchObject({
        total_count: 10_000,
        total_count_approximate: true,
      });
    });

    describe('start_date and end_date', () => {
      let own: string;
      const midnight = Date.UTC(2026, 3, 17);
      beforeAll(async () => {
        own = await app.key('dates', undefined, 'pro');
        const at = (name: string, createdAt: number) => ({
          organizationId: 'dates',
          requestId: name,
          createdAt,
        });
        await app.insert(
          at('day-1', midnight - 1),
          at('day+0', midnight),
          at('day+end', midnight + DAY - 1),
          at('next', midnight + DAY),
          at('24h', TEST_NOW - DAY),
          at('24h-1', TEST_NOW - DAY - 1),
          at('now', TEST_NOW),
          at('now+1', TEST_NOW + 1),
        );
      });
      const names = async (query: string) =>
        (await list(`limit=100&${query}`, own)).data.map((row) => row.request_id.slice(4)).sort();

      it('default to the last 24 hours, including both ends', async () => {
        expect(await names('')).toEqual(['24h', 'day+end', 'next', 'now']);
      });
      it('accept a day, from its first to its last millisecond', async () => {
        const day = ['24h', '24h-1', 'day+0', 'day+end'];
        expect(await names('start_date=2026-04-17&end_date=2026-04-17')).toEqual(day);
        expect(await names('from=2026-04-17&to=2026-04-17')).toEqual(day);
        expect(await names('start_date=2026-04-17&from=2026-04-17&end_date=2026-04-17')).toEqual(day);
      });
      it('accept an inclusive date-time with or without an offset', async () => {
        const both = ['day+0', 'day-1'];
        expect(await names('start_date=2026-04-16T23:59:59.999Z&end_date=2026-04-17T00:00:00Z')).toEqual(
          both,
        );
        expect(await names('start_date=2026-04-16T23:59:59.999&end_date=2026-04-17T00:00')).toEqual(both);
        expect(
          await names('start_date=2026-04-17T01:59:59.999%2B02:00&end_date=2026-04-17T02:00:00%2B0200'),
        ).toEqual(both);
      });
    });

    const wrong: readonly [string, string, string][] = [
      ['limit=0', 'validation_error', "Parameter 'limit' must be between 1 and 100."],
      ['limit=101', 'validation_error', "Parameter 'limit' must be between 1 and 100."],
      ['limit=abc', 'validation_error', "Parameter 'limit' must be between 1 and 100."],
      ['limit=', 'validation_error', "Parameter 'limit' must not be empty"],
      ['limit=1&limit=1', 'validation_error', "Parameter 'limit' must not be given more than once."],
      ['status_code=99', 'validation_error', "Parameter 'status_code' must be between 100 and 599."],
      ['status_code=600', 'validation_error', "Parameter 'status_code' must be between 100 and 599."],
      ['api_key_id=sig_1', 'id_type_mismatch', "Parameter 'api_key_id' must be an API key ID"],
      [`q=${'x'.repeat(201)}`, 'validation_error', "Parameter 'q' must be at most 200 characters."],
      ['include_total=1', 'validation_error', "Parameter 'include_total' must be one of true, false."],
      ['include_total=TRUE', 'validation_error', "Parameter 'include_total' must be one of true, false."],
      ['foo=1', 'validation_error', "Unknown parameter 'foo'. Accepted parameters: start_date, end_date"],
      ['status_code[]=200', 'validation_error', "Unknown parameter 'status_code[]'."],
      ['status_code[gte]=200', 'validation_error', "Unknown parameter 'status_code[gte]'."],
      ['start_date=2026-04-31', 'validation_error', "Parameter 'start_date' must be a YYYY-MM-DD date"],
      ['start_date=1776470400', 'validation_error', "Parameter 'start_date' must be"],
      ['end_date=soon', 'validation_error', "Parameter 'end_date' must be"],
      ['start_date=2026-04-18&from=2026-04-17', 'validation_error', "'from' is an alias of 'start_date'"],
      ['end_date=2026-04-18&to=2026-04-17', 'validation_error', "'to' is an alias of 'end_date'"],
      [
        'start_date=2026-04-18&end_date=2026-04-17',
        'validation_error',
        "'start_date' must not be after 'end_date'",
      ],
      ['end_date=2026-04-01', 'validation_error', "'start_date' must not be after 'end_date'"],
      ['end_date=2026-04-01', 'validation_error', "Its default is 24 hours ago: give 'start_date' as well."],
      ['cursor=nonsense', 'validation_error', 'The cursor is malformed'],
    ];
    it.each(wrong)('%s: 400 %s', async (query, type, detail) => {
      expect(await rejected(query)).toMatchObject({
        status: 400,
        type,
        detail: expect.stringContaining(detail),
      });
    });
    it('200 characters of q are accepted', async () => {
      expect((await list(`q=${'x'.repeat(200)}`)).data).toEqual([]);
    });

    it('cursor: valid only with its filters, and for 24 hours', async () => {
      const issued = (await list('limit=2&method=GET')).pagination.cursor;
      const use = `limit=2&cursor=${issued}`;
      expect(await rejected(`${use}&method=POST`)).toMatchObject({ status: 400, type: 'validation_error' });
      expect(await rejected(use)).toMatchObject({ status: 400, type: 'validation_error' });
      app.setNow(TEST_NOW + DAY);
      const day = '&start_date=2026-04-01';
      expect((await list(`${use}&method=get`)).object).toBe('list');
      expect((await list(`${use}&method=GET&include_total=false`)).object).toBe('list');
      app.setNow(TEST_NOW + DAY + 1);
      expect(await rejected(`${use}&method=GET`)).toMatchObject({
        status: 400,
        type: 'cursor_expired',
        title: 'Cursor expired',
      });
      expect(await rejected(`${use}&method=GET${day}`)).toMatchObject({
        status: 400,
        type: 'validation_error',
      });
      app.setNow(TEST_NOW);
    });
  });

  describe('retention', () => {
    it.each([
      ['free', 7],
      ['starter', 30],
      ['beta', 90],
      ['pro', 90],
      ['enterprise', 90],
    ])('%s sees the last %i days, to the millisecond', async (plan, days) => {
      const own = await app.key(`plan-${plan}`, undefined, plan);
      const visibleFrom = TEST_NOW - days * DAY;
      const at = (ms: number) => encodeURIComponent(new Date(ms).toISOString());
      await app.insert(
        { organizationId: `plan-${plan}`, requestId: 'in', createdAt: visibleFrom },
        { organizationId: `plan-${plan}`, requestId: 'out', createdAt: visibleFrom - 1 },
      );
      // A start less than a day before the window is answered from the window on.
      const date = at(visibleFrom).slice(0, 'YYYY-MM-DD'.length);
      for (const start of [at(visibleFrom), at(visibleFrom - 1), at(visibleFrom - DAY + 1), date]) {
        const { data, pagination } = await list(`start_date=${start}&include_total=true`, own);
        expect([start, data.map((row) => row.request_id)]).toEqual([start, ['req_in']]);
        expect(pagination.total_count).toBe(1);
      }
      const inside = at(visibleFrom + 1);
      expect((await list(`start_date=${inside}`, own)).data).toEqual([]);
      const before = `start_date=${at(visibleFrom - 2)}&end_date=${at(visibleFrom - 1)}`;
      expect((await list(before, own)).data).toEqual([]);
      expect(await rejected(`start_date=${at(visibleFrom - DAY)}`, own)).toMatchObject({
        status: 403,
        type: 'plan_limit_exceeded',
        title: 'Plan limit exceeded',
        detail: expect.stringContaining(`last ${days} days`),
      });
      expect((await get(`${PATH}/req_in`, own)).status).toBe(200);
      expect((await get(`${PATH}/req_out`, own)).status).toBe(404);
    });

    it('the date seven days ago is within a plan of seven days at every time of day', async () => {
      const own = await app.key('plan-free', undefined, 'free');
      const midnight = Date.UTC(2026, 3, 18);
      for (const now of [midnight, midnight + 1, midnight + DAY / 2, midnight + DAY - 1]) {
        app.setNow(now);
        expect((await list('start_date=2026-04-11', own)).object).toBe('list');
        expect((await rejected('start_date=2026-04-10', own)).status).toBe(403);
      }
      app.setNow(TEST_NOW);
    });

    it('archive sees all logs', async () => {
      expect((await list('start_date=1970-01-01')).data).not.toEqual([]);
    });
  });

  describe('GET /v1/organization/logs/{request_id}', () => {
    it('answers with the documented keys in the documented order', async () => {
      await app.insert({ organizationId: 'acme', requestId: 'detail' });
      for (const id of ['req_detail', 'detail']) {
        const response = await get(`${PATH}/${id}`);
        expect(response.status).toBe(200);
        expect(await response.text()).toBe(
          '{"id":"req_detail","object":"request_log","method":"GET","path":"/v1/things","status_code":200,"duration_ms":12,' +
            '"endpoint_type":null,"billed_units":0,"api_key_prefix":null,"error_type":null,"error_detail":null,' +
            `"created_at":"2026-04-18T11:59:59Z","request_id":"${response.headers.get('x-request-id')}"}`,
        );
      }
    });

    it('404 for an unknown log and for a log of another organization', async () => {
      const stranger = await app.key('stranger');
      for (const token of [key, stranger]) {
        const id = token === key ? 'req_x' : 'req_detail';
        const response = await get(`${PATH}/${id}`, token);
        expect(response.status).toBe(404);
        expect(await response.text()).toBe(
          `{"error":{"type":"not_found","title":"Resource not found","status":404,"detail":"Request log ${id} does not exist.",` +
            `"instance":"/v1/organization/logs/${id}","suggestion":"Check the request ID.","retryable":false,"retry_after":null},` +
            `"request_id":"${response.headers.get('x-request-id')}"}`,
        );
      }
      expect((await get(`${PATH}/req_detail?foo=1`)).status).toBe(400);
    });
  });

  describe('errors', () => {
    it.each([
      ['no key', {}],
      ['a malformed key', { authorization: 'Bearer x' }],
      ['an unknown key', { authorization: `Bearer rlk_${'A'.repeat(43)}` }],
      ['X-API-Key instead', { 'x-api-key': `rlk_${'A'.repeat(43)}` }],
    ])('401 for %s, not counted', async (_name, headers) => {
      const response = await app.request(PATH, { headers: headers as Record<string, string> });
      expect(response.status).toBe(401);
      const body = (await response.json()) as ErrorBody;
      expect(Object.keys(body)).toEqual(['error', 'request_id']);
      expect(Object.keys(body.error)).toEqual(
        'type title status detail instance suggestion retryable retry_after'.split(' '),
      );
      expect(body.error).toMatchObject({
        type: 'unauthorized',
        title: 'Authentication required',
        status: 401,
      });
      expect(response.headers.get('ratelimit')).toMatch(/^remaining=1000000000, reset=\d+$/);
    });

    it('401 for a revoked key', async () => {
      const revoked = await app.key('acme');
      await app.revoke(revoked);
      expect((await rejected('', revoked)).status).toBe(401);
    });

    it.each([PATH, `${PATH}/x`])('403 without billing:read: %s', async (path) => {
      const weak = await app.key('acme', ['logs:read', 'logs:write']);
      const response = await get(path, weak);
      expect(response.status).toBe(403);
      expect(await response.json()).toMatchObject({
        error: { type: 'forbidden', title: 'Insufficient scope' },
      });
    });

    it('500 and 503 without internals', async () => {
      let failure: unknown;
      const broken = await testApp({}, (store) =>
        wrapStore(store, () => {}, { find: () => Promise.reject(failure) }),
      );
      const token = await broken.key('acme');
      const send = () => broken.request(PATH, { headers: { authorization: `Bearer ${token}` } });
      failure = new Error('secret internals');
      const internal = await send();
      expect(internal.status).toBe(500);
      expect(await internal.text()).not.toContain('secret');
      failure = unavailable('the disk is full');
      const unreachable = await send();
      expect(unreachable.status).toBe(503);
      expect(await unreachable.json()).toMatchObject({
        error: { type: 'service_unavailable', title: 'Service unavailable', retryable: true, retry_after: 5 },
      });
      expect(unreachable.headers.get('retry-after')).toBe('5');
      await broken.close();
    });
  });

  it('rate limit: calls a minute per organization, with its headers on every response', async () => {
    const own = await testApp({ RELAYLOG_SIGNA_REQUESTS_PER_MINUTE: '3' });
    const [first, second, other] = [await own.key('acme'), await own.key('acme'), await own.key('globex')];
    const send = (token: string, query = '') =>
      own.request(PATH + query, { headers: { authorization: `Bearer ${token}` } });
    own.setNow(TEST_NOW + 20_000);
    const one = await send(first);
    expect(one.headers.get('ratelimit-policy')).toBe('3;w=60');
    expect(one.headers.get('ratelimit')).toBe('remaining=2, reset=40');
    expect((await send(second, '?limit=0')).headers.get('ratelimit')).toBe('remaining=1, reset=40');
    expect((await send(second)).status).toBe(200);
    const rejectedCall = await send(first);
    expect(rejectedCall.status).toBe(429);
    expect(rejectedCall.headers.get('retry-after')).toBe('40');
    expect(rejectedCall.headers.get('ratelimit')).toBe('remaining=0, reset=40');
    expect(await rejectedCall.json()).toMatchObject({
      error: { type: 'rate_limited', title: 'Rate limit exceeded', retryable: true, retry_after: 40 },
    });
    expect((await send(other)).status).toBe(200);
    own.setNow(TEST_NOW + 60_000);
    expect((await send(first)).status).toBe(200);
    await own.close();
  });
});
