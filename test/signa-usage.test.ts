import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { planTable } from '../src/config/plans.ts';
import type { RequestLog } from '../src/log/request-log.ts';
import { purge } from '../src/retention/purge.ts';
import { unavailable } from '../src/store/unavailable.ts';
import { TEST_NOW, type TestApp, testApp } from './support/app.ts';
import { wrapStore } from './support/wrap-store.ts';

/* Covers each rule of the contract of the Signa usage endpoints, in its order. */

const DAY = 86_400_000;
const SUMMARY = '/v1/organization/usage/summary';
const USAGE = '/v1/organization/usage';
const APRIL = 'start_date=2026-04-01&end_date=2026-04-30';
const PLANS = JSON.stringify({
  gold: { retentionDays: null, quota: 100, quotas: { search: 5, render: 0, write: null } },
  starter: { quota: 2 },
});

/** The logs of the examples: two days, three types, two keys, on both sides of a month. */
const LOGS: readonly Partial<RequestLog>[] = [
  {
    createdAt: Date.UTC(2026, 3, 15),
    endpointType: 'search',
    apiKeyId: 'key_a',
    billedUnits: 2,
    durationMs: 100,
  },
  {
    createdAt: Date.UTC(2026, 3, 15, 23, 59, 59, 999),
    endpointType: 'search',
    statusCode: 400,
    billedUnits: 1,
    durationMs: 175,
  },
  {
    createdAt: Date.UTC(2026, 3, 15, 1),
    endpointType: 'read',
    apiKeyId: 'key_b',
    statusCode: 599,
    billedUnits: 0,
    durationMs: null,
  },
  { createdAt: Date.UTC(2026, 3, 15, 2), apiKeyId: 'key_b', statusCode: 399, billedUnits: 4, durationMs: 1 },
  {
    createdAt: Date.UTC(2026, 3, 16),
    endpointType: 'search',
    apiKeyId: 'key_a',
    billedUnits: 3,
    durationMs: null,
  },
  {
    createdAt: Date.UTC(2026, 3, 1) - 1,
    endpointType: 'search',
    apiKeyId: 'key_a',
    billedUnits: 50,
    durationMs: 7,
  },
];

describe('Signa usage', () => {
  let app: TestApp;
  let key: string;
  beforeAll(async () => {
    app = await testApp({ RELAYLOG_PLANS: PLANS });
    key = await app.key('acme', ['billing:read'], 'gold');
    await app.insert(...LOGS.map((log, i) => ({ organizationId: 'acme', requestId: `r${i}`, ...log })));
  });
  afterAll(() => app.close());

  const get = (path: string, token = key) =>
    app.request(path, { headers: { authorization: `Bearer ${token}` } });
  /** The text of a successful answer, without the id of the request. */
  const text = async (path: string, token = key) => {
    const response = await get(path, token);
    const body = await response.text();
    expect([response.status, body]).toEqual([200, body]);
    expect(response.headers.get('content-type')).toBe('application/json');
    const id = response.headers.get('x-request-id')!;
    expect(id).toMatch(/^req_[0-9A-HJKMNP-TV-Z]{26}$/);
    expect(body).toContain(`,"request_id":"${id}"}`);
    return body.replace(id, 'req_id');
  };
  const json = async (path: string, token = key) => JSON.parse(await text(path, token));
  const rejected = async (path: string, token = key) => {
    const response = await get(path, token);
    const { error } = (await response.json()) as { error: { type: string; title: string; detail: string } };
    return { status: response.status, ...error };
  };

  describe('GET /v1/organization/usage/summary', () => {
    it('answers by day and endpoint type, with the documented keys in the documented order', async () => {
      expect(await text(`${SUMMARY}?${APRIL}`)).toBe(
        '{"object":"list","data":[' +
          '{"period_start":"2026-04-15T00:00:00Z","endpoint_type":"read","request_count":1,"billed_units":0,"error_count":1,"avg_duration_ms":null},' +
          '{"period_start":"2026-04-15T00:00:00Z","endpoint_type":"search","request_count":2,"billed_units":3,"error_count":1,"avg_duration_ms":138},' +
          '{"period_start":"2026-04-15T00:00:00Z","endpoint_type":null,"request_count":1,"billed_units":4,"error_count":0,"avg_duration_ms":1},' +
          '{"period_start":"2026-04-16T00:00:00Z","endpoint_type":"search","request_count":1,"billed_units":3,"error_count":0,"avg_duration_ms":null}' +
          '],"has_more":false,"billing_period":{"start":"2026-04-01T00:00:00.000Z","end":"2026-05-01T00:00:00.000Z",' +
          '"quota_used":10,"quota_limit":100,"quota_remaining":90},"request_id":"req_id"}',
      );
      expect(await text(`${SUMMARY}?${APRIL}&group_by=day`)).toBe(await text(`${SUMMARY}?${APRIL}`));
    });

    it('group_by=endpoint_type: a row for each type, from start_date', async () => {
      const { data } = await json(
        `${SUMMARY}?start_date=2026-03-31&end_date=2026-04-16&group_by=endpoint_type`,
      );
      expect(JSON.stringify(data)).toBe(
        '[{"period_start":"2026-03-31T00:00:00Z","endpoint_type":"read","request_count":1,"billed_units":0,"error_count":1,"avg_duration_ms":null},' +
          '{"period_start":"2026-03-31T00:00:00Z","endpoint_type":"search","request_count":4,"billed_units":56,"error_count":1,"avg_duration_ms":94},' +
          '{"period_start":"2026-03-31T00:00:00Z","endpoint_type":null,"request_count":1,"billed_units":4,"error_count":0,"avg_duration_ms":1}]',
      );
    });

    it('group_by=api_key: a row for each key, which has api_key_id in the place of endpoint_type', async () => {
      const { data } = await json(`${SUMMARY}?start_date=2026-04-15&end_date=2026-04-15&group_by=api_key`);
      expect(JSON.stringify(data)).toBe(
        '[{"period_start":"2026-04-15T00:00:00Z","api_key_id":"key_a","request_count":1,"billed_units":2,"error_count":0,"avg_duration_ms":100},' +
          '{"period_start":"2026-04-15T00:00:00Z","api_key_id":"key_b","request_count":2,"billed_units":4,"error_count":1,"avg_duration_ms":1},' +
          '{"period_start":"2026-04-15T00:00:00Z","api_key_id":null,"request_count":1,"billed_units":1,"error_count":1,"avg_duration_ms":175}]',
      );
    });

    it.each([
      ['search', 6, { quota_used: 6, quota_limit: 5, quota_remaining: 0 }],
      ['read', 0, { quota_used: 0, quota_limit: null, quota_remaining: null }],
      ['render', null, { quota_used: 0, quota_limit: 0, quota_remaining: 0 }],
      ['write', null, { quota_used: 0, quota_limit: null, quota_remaining: null }],
      ['nothing', null, { quota_used: 0, quota_limit: null, quota_remaining: null }],
    ])('endpoint_type=%s: only this type, with its quota', async (type, units, quota) => {
      for (const by of ['day', 'endpoint_type', 'api_key']) {
        const { data, billing_period } = await json(
          `${SUMMARY}?${APRIL}&group_by=${by}&endpoint_type=${type}`,
        );
        const all = (data as { billed_units: number }[]).map(({ billed_units }) => billed_units);
        expect([by, all.length === 0 ? null : all.reduce((sum, one) => sum + one)]).toEqual([by, units]);
        expect(billing_period).toMatchObject(quota);
      }
    });

    it('days are UTC, and end_date is inclusive', async () => {
      const requests = async (start: string, end: string) => {
        const { data } = await json(`${SUMMARY}?start_date=${start}&end_date=${end}&group_by=endpoint_type`);
        return (data as { request_count: number }[]).reduce(
          (sum, { request_count }) => sum + request_count,
          0,
        );
      };
      expect(await requests('2026-04-14', '2026-04-14')).toBe(0);
      expect(await requests('2026-04-15', '2026-04-15')).toBe(4);
      expect(await requests('2026-04-15', '2026-04-16')).toBe(5);
      expect(await requests('2026-03-31', '2026-03-31')).toBe(1);
      expect(await requests('0001-01-01', '9999-12-31')).toBe(6);
    });

    it('an average is rounded half up; an organization without logs has no rows', async () => {
      const own = await app.key('half', undefined, 'gold');
      await app.insert(
        ...[1, 2].map((durationMs) => ({ organizationId: 'half', requestId: `${durationMs}`, durationMs })),
      );
      expect((await json(`${SUMMARY}?${APRIL}`, own)).data).toMatchObject([{ avg_duration_ms: 2 }]);
      const empty = await app.key('empty');
      expect(await json(`${SUMMARY}?${APRIL}`, empty)).toMatchObject({
        data: [],
        has_more: false,
        billing_period: { quota_used: 0, quota_limit: null, quota_remaining: null },
      });
    });

    const wrong: readonly [string, string][] = [
      ['', "Parameter 'start_date' is required: it must be a YYYY-MM-DD date, such as 2026-01-31."],
      ['end_date=2026-04-30', "Parameter 'start_date' is required"],
      ['start_date=2026-04-01', "Parameter 'end_date' is required"],
      ['start_date=&end_date=2026-04-30', "Parameter 'start_date' must not be empty"],
      ['start_date=2026-04-31&end_date=2026-05-01', "Parameter 'start_date' must be a YYYY-MM-DD date"],
      ['start_date=2026-4-1&end_date=2026-05-01', "Parameter 'start_date' must be a YYYY-MM-DD date"],
      [
        'start_date=2026-04-01T00:00:00Z&end_date=2026-05-01',
        "Parameter 'start_date' must be a YYYY-MM-DD date",
      ],
      ['start_date=2026-04-01&end_date=now', "Parameter 'end_date' must be a YYYY-MM-DD date"],
      [
        'start_date=2026-04-02&end_date=2026-04-01',
        "'start_date' must not be after 'end_date': the requested range is 2026-04-02 to 2026-04-01.",
      ],
      [`${APRIL}&group_by=week`, "Parameter 'group_by' must be one of day, endpoint_type, api_key."],
      [`${APRIL}&group_by=Day`, "Parameter 'group_by' must be one of"],
      [`${APRIL}&endpoint_type=`, "Parameter 'endpoint_type' must not be empty"],
      [`${APRIL}&start_date=2026-04-01`, "Parameter 'start_date' must not be given more than once."],
      [
        `${APRIL}&from=2026-04-01`,
        "Unknown parameter 'from'. Accepted parameters: start_date, end_date, group_by, endpoint_type.",
      ],
      [`${APRIL}&endpoint_type[]=search`, "Unknown parameter 'endpoint_type[]'."],
    ];
    it.each(wrong)('%s: 400', async (query, detail) => {
      expect(await rejected(`${SUMMARY}?${query}`)).toMatchObject({
        status: 400,
        type: 'validation_error',
        title: 'Validation failed',
        detail: expect.stringContaining(detail),
      });
    });

    it('days before the window of the plan: 403, as in the list', async () => {
      const own = await app.key('window', undefined, 'free');
      // The window begins at 2026-04-11T12:00:00Z. Its first day counts as a whole.
      await app.insert({ organizationId: 'window', createdAt: Date.UTC(2026, 3, 11, 1) });
      const range = (start: string) => `${SUMMARY}?start_date=${start}&end_date=2026-04-18`;
      expect((await json(range('2026-04-11'), own)).data).toMatchObject([{ request_count: 1 }]);
      expect(await rejected(range('2026-04-10'), own)).toMatchObject({
        status: 403,
        type: 'plan_limit_exceeded',
        title: 'Plan limit exceeded',
        detail:
          "The free plan keeps logs from the last 7 days: 'start_date' must be 2026-04-11T12:00:00Z or later.",
      });
      expect((await rejected(`${SUMMARY}?start_date=2026-04-10`, own)).status).toBe(400);
    });
  });

  describe('GET /v1/organization/usage', () => {
    it('answers with the documented keys in the documented order', async () => {
      app.setNow(TEST_NOW + 20_000);
      expect(await text(USAGE)).toBe(
        '{"object":"usage","billing_period":{"start":"2026-04-01T00:00:00Z","end":"2026-04-30T23:59:59Z"},' +
          '"by_endpoint_type":{"read":{"used":0,"limit":null},"render":{"used":0,"limit":0},"search":{"used":6,"limit":5},"write":{"used":0,"limit":null}},' +
          '"rate_limit":{"limit":1000000000,"resets_at":"2026-04-18T12:01:00Z"},"request_id":"req_id"}',
      );
      app.setNow(TEST_NOW);
    });

    it('endpoint types are in order of their names, whatever the names are', async () => {
      const own = await app.key('names');
      const types = ['b', '10', '__proto__', 'a"', '9', 'B', 'é', null];
      await app.insert(
        ...types.map((endpointType, i) => ({
          organizationId: 'names',
          requestId: `${i}`,
          endpointType,
          billedUnits: i,
        })),
      );
      expect(await text(USAGE, own)).toContain(
        '"by_endpoint_type":{"10":{"used":1,"limit":null},"9":{"used":4,"limit":null},"B":{"used":5,"limit":null},' +
          '"__proto__":{"used":2,"limit":null},"a\\"":{"used":3,"limit":null},"b":{"used":0,"limit":null},"é":{"used":6,"limit":null}}',
      );
    });

    it('a month ends in a year that changes, and in a leap year', async () => {
      for (const [now, start, end] of [
        [Date.UTC(2026, 11, 31, 23, 59, 59, 999), '2026-12-01T00:00:00Z', '2026-12-31T23:59:59Z'],
        [Date.UTC(2028, 1, 1), '2028-02-01T00:00:00Z', '2028-02-29T23:59:59Z'],
      ] as const) {
        app.setNow(now);
        expect((await json(USAGE)).billing_period).toEqual({ start, end });
      }
      app.setNow(TEST_NOW);
    });

    it('accepts no parameters', async () => {
      expect(await rejected(`${USAGE}?group_by=day`)).toMatchObject({
        status: 400,
        type: 'validation_error',
        detail: "Unknown parameter 'group_by'. This endpoint accepts no parameters.",
      });
    });

    it('shows the rate limit that its own request counts for', async () => {
      const own = await testApp({ RELAYLOG_SIGNA_REQUESTS_PER_MINUTE: '2' });
      const token = await own.key('acme');
      own.setNow(TEST_NOW + 15_000);
      const send = () => own.request(USAGE, { headers: { authorization: `Bearer ${token}` } });
      const first = await send();
      expect(first.headers.get('ratelimit-policy')).toBe('2;w=60');
      expect(first.headers.get('ratelimit')).toBe('remaining=1, reset=45');
      expect(await first.json()).toMatchObject({
        rate_limit: { limit: 2, resets_at: '2026-04-18T12:01:00Z' },
      });
      await send();
      const third = await send();
      expect([third.status, third.headers.get('retry-after')]).toEqual([429, '45']);
      await own.close();
    });
  });

  it('a month outlives the purge of its logs on a plan of seven days', async () => {
    const own = await app.key('purged', undefined, 'free');
    await app.insert(
      ...Array.from({ length: 300 }, (_, i) => ({
        organizationId: 'purged',
        requestId: `${i}`,
        createdAt: TEST_NOW - (i % 20) * DAY,
        endpointType: i % 2 === 0 ? 'search' : 'read',
        billedUnits: 2,
      })),
    );
    const both = async () => [
      await text(USAGE, own),
      await text(`${SUMMARY}?start_date=2026-04-11&end_date=2026-04-18`, own),
    ];
    const before = await both();
    expect(before[0]).toContain('"read":{"used":270,"limit":null},"search":{"used":270,"limit":null}');
    const purged = await purge(app.store, { plans: planTable(), grace: 0, now: () => TEST_NOW });
    expect(purged).toContainEqual(expect.objectContaining({ organizationId: 'purged', logs: 180 }));
    expect(await both()).toEqual(before);
    app.setNow(TEST_NOW + DAY);
    expect((await json(USAGE, own)).by_endpoint_type.read).toEqual({ used: 270, limit: null });
    app.setNow(TEST_NOW);
  });

  it('usage of 14 months ago is forgotten by a purge, and that of 13 months ago is not', async () => {
    await app.key('old', undefined, 'free');
    const months = (count: number) => Date.UTC(2026, 3 - count, 28);
    await app.insert(
      ...[13, 14].map((count) => ({
        organizationId: 'old',
        requestId: `${count}`,
        createdAt: months(count),
      })),
    );
    await purge(app.store, { plans: planTable(), grace: 0, now: () => TEST_NOW });
    expect(await app.store.usageLedger('old')).toMatchObject([{ day: months(13) / DAY, requests: 1 }]);
  });

  it('an organization sees only its own usage', async () => {
    const own = await app.key('other', undefined, 'gold');
    expect((await json(`${SUMMARY}?start_date=2020-01-01&end_date=2026-04-30`, own)).data).toEqual([]);
    expect((await json(USAGE, own)).by_endpoint_type).toEqual({
      render: { used: 0, limit: 0 },
      search: { used: 0, limit: 5 },
      write: { used: 0, limit: null },
    });
  });

  describe.each([`${SUMMARY}?${APRIL}`, USAGE])('%s', (path) => {
    it('401 without a key, 403 without billing:read', async () => {
      const response = await app.request(path);
      expect(response.status).toBe(401);
      expect(await response.json()).toMatchObject({ error: { type: 'unauthorized', status: 401 } });
      expect(await rejected(path, await app.key('acme', ['logs:read', 'logs:write']))).toMatchObject({
        status: 403,
        type: 'forbidden',
        title: 'Insufficient scope',
      });
    });

    it('503 if the store cannot be reached', async () => {
      const broken = await testApp({}, (store) =>
        wrapStore(store, () => {}, { usage: () => Promise.reject(unavailable('the disk is full')) }),
      );
      const token = await broken.key('acme');
      const response = await broken.request(path, { headers: { authorization: `Bearer ${token}` } });
      expect(response.status).toBe(503);
      expect(await response.json()).toMatchObject({ error: { type: 'service_unavailable', retry_after: 5 } });
      await broken.close();
    });

    it('405 for other methods, in the format of Signa', async () => {
      const response = await app.request(path, {
        method: 'POST',
        headers: { authorization: `Bearer ${key}` },
      });
      expect([response.status, response.headers.get('allow')]).toEqual([405, 'GET, HEAD']);
      expect(await response.json()).toMatchObject({ error: { type: 'method_not_allowed' } });
    });
  });
});

describe('quotas of plans', () => {
  const plansOf = (plans: object) => testApp({ RELAYLOG_PLANS: JSON.stringify(plans) });

  it('are unlimited by default, and can be set for a built-in plan', async () => {
    const app = await plansOf({ pro: { quota: 7 } });
    expect(app.config.plans.get('free')).toMatchObject({ quota: null, quotas: new Map() });
    expect(app.config.plans.get('pro')).toMatchObject({ quota: 7, retentionDays: 90 });
    await app.close();
  });

  it.each([
    { quota: -1 },
    { quota: 1.5 },
    { quota: '5' },
    { quotas: 5 },
    { quotas: { search: -1 } },
    { quotas: { '': 1 } },
  ])('%j is rejected', async (terms) => {
    await expect(plansOf({ pro: terms })).rejects.toThrow('RELAYLOG_PLANS');
  });
});
