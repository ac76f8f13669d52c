import { afterEach, describe, expect, it } from 'vitest';
import { SCOPE_NAMES, type Scope } from '../src/access/scopes.ts';
import { DEFAULT_RATES } from '../src/config/rate-variables.ts';
import { API_RATES } from '../src/limits/rates.ts';
import { RelaylogError } from '../src/log/errors.ts';
import type { Store } from '../src/store/store.ts';
import { readPage } from '../tools/docs/pages.ts';
import { temporaryStoreUrl } from './store/temporary.ts';
import { TEST_NOW, type TestApp, testApp } from './support/app.ts';
import { serving, workFolder } from './support/cli.ts';
import { jsonPost } from './support/json-post.ts';
import { HIGH_LIMIT } from './support/with-high-limits.ts';
import { wrapStore } from './support/wrap-store.ts';

interface Call {
  readonly key: string;
  readonly query?: string;
}

/** One call of each API. With `THREE`, each API allows three calls; they are refilled within three seconds, Signa's with each minute. */
const APIS = {
  scrip: ({ key }: Call) => new Request('http://x/v1/logs', { headers: { 'x-api-key': key } }),
  signa: ({ key }: Call) =>
    new Request('http://x/v1/organization/logs', { headers: { authorization: `Bearer ${key}` } }),
  ingest: ({ key }: Call) => new Request('http://x/ingest/v1/request-logs', jsonPost(key, [])),
  graphql: ({ key, query = '{ __typename }' }: Call) =>
    new Request('http://x/graphql', jsonPost(key, { query })),
} as const;
type Api = keyof typeof APIS;
const API_NAMES = Object.keys(APIS) as Api[];
const MIN_COST = API_RATES.graphql.minCost;

const THREE = {
  RELAYLOG_SCRIP_REQUESTS_PER_SECOND: '1',
  RELAYLOG_SCRIP_BURST_REQUESTS: '3',
  RELAYLOG_SIGNA_REQUESTS_PER_MINUTE: '3',
  RELAYLOG_INGEST_REQUESTS_PER_SECOND: '1',
  RELAYLOG_INGEST_BURST_REQUESTS: '3',
  RELAYLOG_GRAPHQL_COST_PER_SECOND: String(MIN_COST),
  RELAYLOG_GRAPHQL_BURST_COST: String(3 * MIN_COST),
  RELAYLOG_GRAPHQL_MAX_COST: String(3 * MIN_COST),
};
const UNKNOWN_KEY = `rlk_${'A'.repeat(43)}`;

const apps: TestApp[] = [];
async function started(...args: Parameters<typeof testApp>): Promise<TestApp> {
  const app = await testApp(...args);
  apps.push(app);
  return app;
}
afterEach(async () => {
  await Promise.all(apps.splice(0).map((app) => app.close()));
});

/** The number of remaining calls, from the headers of a response. */
const callsLeft = (api: Api, response: Response) => remaining(api, response) / API_RATES[api].minCost;

/** The remaining limit, from the API's own headers. */
function remaining(api: Api, { headers }: Response): number {
  if (api === 'scrip') return Number(headers.get('x-ratelimit-remaining'));
  return Number(/(?:remaining|r)=(\d+)/.exec(headers.get('ratelimit') ?? '')?.[1]);
}

describe.each(API_NAMES)('%s', (api) => {
  const send = (app: TestApp, key: string) => app.request(APIS[api]({ key }));

  it('rejects a call above the limit with 429 and Retry-After, and serves one after that time', async () => {
    const app = await started(THREE);
    const key = await app.key('acme');
    for (const left of [2, 1, 0]) {
      const response = await send(app, key);
      expect([response.status, callsLeft(api, response)]).toEqual([200, left]);
    }
    const rejected = await send(app, key);
    expect([rejected.status, callsLeft(api, rejected)]).toEqual([429, 0]);
    const seconds = Number(rejected.headers.get('retry-after'));
    expect(seconds).toBe(api === 'signa' ? 60 : 1);
    app.setNow(TEST_NOW + seconds * 1000 - 1);
    expect((await send(app, key)).status).toBe(429);
    app.setNow(TEST_NOW + seconds * 1000);
    expect((await send(app, key)).status).toBe(200);
  });

  it('counts all keys of an organization together, and each organization separately', async () => {
    const app = await started(THREE);
    const [first, second, other] = [await app.key('acme'), await app.key('acme'), await app.key('globex')];
    for (const key of [first, second, first]) expect((await send(app, key)).status).toBe(200);
    for (const key of [first, second]) expect((await send(app, key)).status).toBe(429);
    expect(callsLeft(api, await send(app, other))).toBe(2);
  });

  it('counts a 403 but not a 401, whose headers show the full limit', async () => {
    const app = await started(THREE);
    const key = await app.key('acme');
    for (const bad of ['nonsense', UNKNOWN_KEY]) {
      for (let i = 0; i < 10; i++) {
        const response = await send(app, bad);
        expect([response.status, callsLeft(api, response)]).toEqual([401, 3]);
      }
    }
    const revoked = await app.key('acme');
    await app.revoke(revoked);
    expect((await send(app, revoked)).status).toBe(401);
    expect(callsLeft(api, await send(app, key))).toBe(2);
    const weak = await app.key('acme', ['none' as Scope]);
    expect(callsLeft(api, await send(app, weak))).toBe(1);
  });

  it('applies the limit of the plan, from the next request on after a change of plan', async () => {
    const limits = {
      scripPerSecond: 1,
      scripBurst: 5,
      signaPerMinute: 5,
      ingestPerSecond: 1,
      ingestBurst: 5,
      graphqlPerSecond: MIN_COST,
      graphqlBurst: 5 * MIN_COST,
    };
    const plans = JSON.stringify({ gold: { retentionDays: null, limits }, pro: { limits } });
    const app = await started({ ...THREE, RELAYLOG_PLANS: plans });
    const [gold, pro] = [
      await app.key('acme', SCOPE_NAMES, 'gold'),
      await app.key('globex', SCOPE_NAMES, 'pro'),
    ];
    const free = await app.key('initech', SCOPE_NAMES, 'free');
    for (const [key, left] of [
      [gold, 4],
      [pro, 4],
      [free, 2],
    ] as const)
      expect(callsLeft(api, await send(app, key))).toBe(left);
    await app.store.setPlan('initech', 'gold');
    expect(callsLeft(api, await send(app, free))).toBe(3);
  });

  it.each(['memory', 'store'])(
    'shares the limit with another process if it is kept in the store: %s',
    async (backend) => {
      const shared = {
        ...THREE,
        RELAYLOG_STORE_URL: temporaryStoreUrl(),
        RELAYLOG_RATE_LIMIT_BACKEND: backend,
      };
      const [one, two] = [await started(shared), await started(shared)];
      const key = await one.key('acme');
      const left = [];
      for (const app of [one, two, one, two]) left.push(callsLeft(api, await send(app, key)));
      expect(left).toEqual(backend === 'store' ? [2, 1, 0, 0] : [2, 2, 1, 1]);
      expect((await send(two, key)).status).toBe(backend === 'store' ? 429 : 200);
    },
  );

  it('is limited by each process separately if the store is unavailable', async () => {
    const calls: string[] = [];
    const failing = () => Promise.reject(new RelaylogError('UNAVAILABLE', 'unavailable'));
    const app = await started({ ...THREE, RELAYLOG_RATE_LIMIT_BACKEND: 'store' }, (store) =>
      wrapStore(store, (method) => calls.push(method), { consume: failing }),
    );
    const key = await app.key('acme');
    const statuses = [];
    for (let i = 0; i < 4; i++) statuses.push((await send(app, key)).status);
    expect(statuses).toEqual([200, 200, 200, 429]);
    expect(calls.filter((name) => name === 'consume')).toHaveLength(1);
  });
});

interface GraphQLBody {
  readonly data: { viewer: { limits: Record<string, unknown> & { queryCost: number; rates: unknown } } };
  readonly errors: { extensions: object & { code: string } }[];
}

describe('GraphQL', () => {
  const COST = {
    RELAYLOG_GRAPHQL_COST_PER_SECOND: '100',
    RELAYLOG_GRAPHQL_BURST_COST: '1000',
    RELAYLOG_GRAPHQL_MAX_COST: '900',
  };
  const page = (first: number) => `{ requestLogs(first: ${first}) { nodes { id path } } }`;
  const send = async (app: TestApp, key: string, query: string) => {
    const response = await app.request(APIS.graphql({ key, query }));
    return { response, left: remaining('graphql', response), body: (await response.json()) as GraphQLBody };
  };

  it('charges the cost of a query, not a fixed amount per request', async () => {
    const app = await started(COST);
    const key = await app.key('acme');
    const { response, left } = await send(app, key, page(100));
    expect(response.headers.get('ratelimit-policy')).toBe('"graphql";q=1000;w=10');
    expect(response.headers.get('ratelimit')).toBe('"graphql";r=699;t=4');
    expect(left - (await send(app, key, page(20))).left).toBe(61);
  });

  it('charges the same for each execution, compiled or not, and once for an operation that is restarted', async () => {
    const broken: Partial<Store> = {};
    const app = await started(COST, (store) => wrapStore(store, () => undefined, broken));
    const key = await app.key('acme');
    const lefts = [];
    for (let i = 0; i < 4; i++) {
      if (i === 3) broken.find = () => Promise.reject(new RelaylogError('UNAVAILABLE', 'unavailable'));
      lefts.push((await send(app, key, page(20))).left);
    }
    expect(lefts).toEqual([939, 878, 817, 756]);
  });

  it('rejects a query above the limit without reading logs, and reports its cost, the remaining limit and when to retry', async () => {
    const calls: string[] = [];
    const app = await started(COST, (store) => wrapStore(store, (method) => calls.push(method)));
    const key = await app.key('acme');
    for (let i = 0; i < 3; i++) await send(app, key, page(100));
    calls.length = 0;
    const { response, body } = await send(app, key, page(100));
    expect(response.status).toBe(429);
    expect(response.headers.get('retry-after')).toBe('3');
    expect(body).toEqual({
      errors: [
        {
          message: 'Rate limit exceeded: the query costs 301, and 97 of 1000 are left. Try again in 3 s.',
          extensions: {
            code: 'RATE_LIMITED',
            rateLimit: {
              cost: 301,
              limit: 1000,
              remaining: 97,
              resetAt: new Date(TEST_NOW + 9_030).toISOString(),
              retryAfter: 3,
            },
          },
        },
      ],
    });
    expect(calls).not.toContain('find');
    expect((await send(app, key, page(30))).response.status).toBe(200);
    app.setNow(TEST_NOW + 3_000);
    expect((await send(app, key, page(100))).response.status).toBe(200);
  });

  it('reports when to retry if the store fails during a query', async () => {
    const find = () => Promise.reject(new RelaylogError('UNAVAILABLE', 'unavailable', { retryAfter: 7 }));
    const app = await started({}, (store) => wrapStore(store, () => undefined, { find }));
    const { response } = await send(app, await app.key('acme'), page(1));
    expect([response.status, response.headers.get('retry-after')]).toEqual([503, '7']);
  });

  it.each([
    ['is not GraphQL', '{'],
    ['does not match the schema', '{ nonsense }'],
    [
      'exceeds the cost limit',
      page(100).replace(
        'path',
        'path method statusCode durationMs requestId createdAt routePattern authType',
      ),
    ],
  ])('charges the minimum for a query that %s, and rejects it if nothing is left', async (_what, query) => {
    const app = await started({ ...COST, RELAYLOG_GRAPHQL_MAX_COST: '300' });
    const key = await app.key('acme');
    const { body, left } = await send(app, key, query);
    expect([body.errors[0]!.extensions.code, left]).toEqual(['BAD_USER_INPUT', 1000 - MIN_COST]);
    while ((await send(app, key, query)).response.status !== 429);
    const rejected = await send(app, key, query);
    expect(rejected.response.status).toBe(429);
    expect(rejected.body.errors[0]!.extensions).toMatchObject({
      code: 'RATE_LIMITED',
      rateLimit: { cost: MIN_COST, remaining: 1000 % MIN_COST },
    });
    expect(Number(rejected.response.headers.get('retry-after'))).toBe(1);
  });

  it.each<[string, object | string]>([
    ['the smallest request', { query: '{ __typename }' }],
    ['a query that asks for its cost', { query: '{ viewer { limits { queryCost } } }' }],
    ['a syntax error', { query: '{' }],
    ['an unknown field', { query: '{ nonsense }' }],
    ['an unknown operation', { query: '{ __typename }', operationName: 'other' }],
    ['a variable that is not valid', { query: 'query ($id: ID!) { node(id: $id) { id } }', variables: {} }],
    ['a request without a query', {}],
    [
      'an unknown persisted query',
      { extensions: { persistedQuery: { version: 1, sha256Hash: '0'.repeat(64) } } },
    ],
    ['invalid JSON', '{'],
    ['an empty body', ''],
  ])('charges the minimum for %s, also when it is repeated', async (_what, sent) => {
    const app = await started({ ...COST, RELAYLOG_GRAPHQL_BURST_COST: '1000' });
    const key = await app.key('acme');
    const body = typeof sent === 'string' ? sent : JSON.stringify(sent);
    for (let time = 1; time <= 4; time++) {
      const response = await app.request('http://x/graphql', { ...jsonPost(key, {}), body });
      expect(remaining('graphql', response)).toBe(1000 - time * MIN_COST);
      const { data } = (await response.json()) as Partial<GraphQLBody>;
      const { queryCost = MIN_COST } = data?.viewer?.limits ?? {};
      expect(queryCost).toBe(MIN_COST);
    }
  });

  it('charges nothing for a request if less than the minimum is left, and says what it costs', async () => {
    const app = await started({
      ...COST,
      RELAYLOG_GRAPHQL_BURST_COST: String(2 * MIN_COST - 1),
      RELAYLOG_GRAPHQL_MAX_COST: String(MIN_COST),
    });
    const key = await app.key('acme');
    expect((await send(app, key, '{ __typename }')).left).toBe(MIN_COST - 1);
    for (const query of ['{ __typename }', '{', '{ nonsense }']) {
      const { response, left, body } = await send(app, key, query);
      expect([response.status, left]).toEqual([429, MIN_COST - 1]);
      expect(body.errors[0]).toMatchObject({
        message: `Rate limit exceeded: the query costs ${MIN_COST}, and ${MIN_COST - 1} of ${2 * MIN_COST - 1} are left. Try again in 1 s.`,
        extensions: { rateLimit: { cost: MIN_COST, remaining: MIN_COST - 1 } },
      });
    }
  });

  it('costs what the docs say at least, and the default limits allow as many small requests as they say', () => {
    const stated = /send ([\d,]+) of the smallest requests a second, and ([\d,]+) at once/.exec(
      readPage('docs/rate-limits.md'),
    )!;
    const number = (text: string) => Number(text.replaceAll(',', ''));
    for (const page of ['docs/rate-limits.md', 'docs/graphql.md'])
      expect(readPage(page)).toContain(`costs ${MIN_COST} at least`);
    expect(stated.slice(1).map(number)).toEqual([
      DEFAULT_RATES.graphqlPerSecond / MIN_COST,
      DEFAULT_RATES.graphqlBurst / MIN_COST,
    ]);
  });

  it('charges a query when it is executed, regardless of when its request began', async () => {
    const app = await started({ ...COST, RELAYLOG_GRAPHQL_MAX_COST: '1000' });
    const key = await app.key('acme');
    const { request: slow, end } = slowRequest(APIS.graphql({ key, query: page(100) }));
    const answer = app.request(slow);
    app.setNow(TEST_NOW + 120_000);
    while ((await send(app, key, page(100))).response.status === 200);
    end();
    expect((await answer).status).toBe(429);
    expect((await send(app, key, page(100))).response.status).toBe(429);
  });

  it('returns every limit of the plan, its window, and what remains', async () => {
    const plans = {
      gold: { retentionDays: null, limits: { scripBurst: 90, signaPerMinute: 60, graphqlBurst: 2000 } },
    };
    const app = await started({
      ...COST,
      RELAYLOG_SCRIP_REQUESTS_PER_SECOND: '10',
      RELAYLOG_SCRIP_BURST_REQUESTS: '30',
      RELAYLOG_PLANS: JSON.stringify(plans),
    });
    const key = await app.key('acme', SCOPE_NAMES, 'gold');
    app.setNow(TEST_NOW + 20_000);
    await app.request(APIS.scrip({ key }));
    await app.request(APIS.signa({ key }));
    const query = `{ viewer { limits { scripPerSecond scripBurst signaPerMinute graphqlPerSecond graphqlBurst ingestBurst queryCost
        rates { api counts limit windowSeconds remaining resetAt } } } }`;
    const { body, response } = await send(app, key, query);
    const { rates, ...limits } = body.data.viewer.limits;
    expect(limits).toEqual({
      scripPerSecond: 10,
      scripBurst: 90,
      signaPerMinute: 60,
      graphqlPerSecond: 100,
      graphqlBurst: 2000,
      ingestBurst: HIGH_LIMIT,
      queryCost: 2000 - remaining('graphql', response),
    });
    expect(limits.queryCost).toBeGreaterThan(10);
    const at = (ms: number) => new Date(TEST_NOW + 20_000 + ms).toISOString();
    const cost = limits.queryCost;
    expect(rates).toEqual([
      {
        api: 'GRAPHQL',
        counts: 'cost of queries',
        limit: 2000,
        windowSeconds: 20,
        remaining: 2000 - cost,
        resetAt: at(cost * 10),
      },
      { api: 'SCRIP', counts: 'requests', limit: 90, windowSeconds: 9, remaining: 89, resetAt: at(100) },
      { api: 'SIGNA', counts: 'requests', limit: 60, windowSeconds: 60, remaining: 59, resetAt: at(40_000) },
      {
        api: 'INGEST',
        counts: 'requests',
        limit: HIGH_LIMIT,
        windowSeconds: 1,
        remaining: HIGH_LIMIT,
        resetAt: at(0),
      },
    ]);
    // Repeating the query lowers only GraphQL's limit, by the cost of the query.
    const again = (await send(app, key, query)).body.data.viewer.limits.rates as object[];
    expect(again.slice(1)).toEqual((rates as object[]).slice(1));
    expect(again[0]).toMatchObject({ remaining: 2000 - 2 * cost });
    expect(remaining('scrip', await app.request(APIS.scrip({ key })))).toBe(88);
  });
});

/** The same request with a body that does not end until `end` is called. */
function slowRequest(request: Request): { request: Request; end(): void } {
  const { promise, resolve } = Promise.withResolvers<void>();
  const body = new ReadableStream({
    async start(controller) {
      controller.enqueue(new Uint8Array(await request.arrayBuffer()));
      await promise;
      controller.close();
    },
  });
  const { url, method, headers } = request;
  return {
    request: new Request(url, { method, headers, body, duplex: 'half' } as RequestInit),
    end: resolve,
  };
}

describe('the configuration', () => {
  it.each([
    [
      { RELAYLOG_GRAPHQL_BURST_COST: '9999' },
      'The plan free has graphqlBurst 9999, which is less than RELAYLOG_GRAPHQL_MAX_COST',
    ],
    [
      { RELAYLOG_GRAPHQL_MAX_COST: String(MIN_COST - 1) },
      `RELAYLOG_GRAPHQL_MAX_COST must be ${MIN_COST} or more`,
    ],
    [
      {
        RELAYLOG_PLANS: `{"pro":{"limits":{"graphqlBurst":${MIN_COST - 1}}}}`,
        RELAYLOG_GRAPHQL_MAX_COST: String(MIN_COST),
      },
      'a query of that cost would always be rate limited',
    ],
    [{ RELAYLOG_PLANS: '{"gold":{"limits":{}}}' }, 'a new plan requires retentionDays'],
    [{ RELAYLOG_PLANS: '{"pro":{"limits":{"scripBurst":0}}}' }, 'scripBurst'],
    [{ RELAYLOG_PLANS: '{"pro":{"limits":{"burst":1}}}' }, 'burst'],
    [{ RELAYLOG_RATE_LIMIT_BACKEND: 'redis' }, 'RELAYLOG_RATE_LIMIT_BACKEND must be auto, memory or store'],
  ])('%j is rejected with the reason', async (environment, message) => {
    await expect(testApp(environment as Record<string, string>)).rejects.toThrow(message);
  });
});

describe('one greedy client', () => {
  it('does not starve the other clients of its organization', async () => {
    const app = await started({
      ...THREE,
      RELAYLOG_SCRIP_REQUESTS_PER_SECOND: '10',
      RELAYLOG_SCRIP_BURST_REQUESTS: '30',
    });
    const [greedy, light] = [await app.key('acme'), await app.key('acme')];
    const send = async (key: string) => (await app.request(APIS.scrip({ key }))).status;
    const statuses = [];
    for (let second = 0; second < 20; second++) {
      app.setNow(TEST_NOW + second * 1000);
      while ((await send(greedy)) === 200);
      statuses.push(await send(light));
    }
    // The light client is rejected for one full refill period and one more request. After that it has a reserved share.
    expect(statuses.slice(0, 4)).toEqual([429, 429, 429, 429]);
    expect(statuses.slice(6)).toEqual(Array.from({ length: 14 }, () => 200));
  });
});

describe('the state of the rate limiter', () => {
  it('does not grow with rejected credentials, and its size is in the metrics', async () => {
    const app = await started();
    const sizes = async () => {
      const page = await (await app.request('/metrics')).text();
      return ['buckets', 'clients'].map((what) =>
        Number(new RegExp(`^relaylog_rate_limit_${what} (\\d+)$`, 'm').exec(page)?.[1]),
      );
    };
    for (let i = 0; i < 50; i++) {
      const key = `rlk_${String(i).padStart(43, 'x')}`;
      for (const api of API_NAMES) await app.request(APIS[api]({ key }));
    }
    expect(await sizes()).toEqual([0, 0]);
    for (const name of ['acme', 'globex']) {
      for (const key of [await app.key(name), await app.key(name)])
        for (const api of API_NAMES) await app.request(APIS[api]({ key }));
    }
    expect(await sizes()).toEqual([8, 16]);
    for (let i = 0; i < 50; i++) await app.request(APIS.scrip({ key: UNKNOWN_KEY }), undefined, '192.0.2.1');
    expect(await sizes()).toEqual([8, 16]);
    const late = await app.key('initech');
    app.setNow(TEST_NOW + 3_600_000);
    await app.request(APIS.scrip({ key: late }));
    expect(await sizes()).toEqual([1, 1]);
  });
});

describe.each(API_NAMES)('rejected credentials, %s', (api) => {
  const FLOOD = { RELAYLOG_REJECTED_CREDENTIALS_PER_SECOND: '1' };
  const badKey = (i: number) => `rlk_${String(i).padStart(43, 'x')}`;

  it('are looked up at a limited rate per address; only keys that are new to the address are affected', async () => {
    const calls: string[] = [];
    const app = await started({ ...FLOOD }, (store) => wrapStore(store, (method) => calls.push(method)));
    const send = async (key: string, from: string) => app.request(APIS[api]({ key }), undefined, from);
    const [known, fresh] = [await app.key('acme'), await app.key('acme')];
    // This key is used before the flood begins, like that of a long-running client.
    expect((await send(known, '192.0.2.1')).status).toBe(200);
    await send(badKey(0), '192.0.2.1');
    for (let i = 1; i < 10; i++) expect((await send(badKey(i), '192.0.2.1')).status).toBe(401);
    calls.length = 0;
    for (let i = 10; i < 100; i++) {
      const rejected = await send(badKey(i), '192.0.2.1');
      expect([rejected.status, rejected.headers.get('retry-after')]).toEqual([429, '1']);
    }
    expect(calls).toEqual([]);
    const statuses = [
      await send(known, '192.0.2.1'),
      await send(fresh, '192.0.2.1'),
      await send(fresh, '192.0.2.2'),
    ].map(({ status }) => status);
    expect(statuses).toEqual([200, 429, 200]);
    app.setNow(TEST_NOW + 1_000);
    expect((await send(fresh, '192.0.2.1')).status).toBe(200);
  });

  it('block a key from their address if it was not accepted within the last hour', async () => {
    const app = await started({ ...FLOOD });
    const send = async (key: string) =>
      (await app.request(APIS[api]({ key }), undefined, '192.0.2.1')).status;
    const known = await app.key('acme');
    expect(await send(known)).toBe(200);
    for (const [ms, status] of [
      [3_500_000, 200],
      [7_200_000, 429],
    ] as const) {
      app.setNow(TEST_NOW + ms);
      for (let i = 0; i < 20; i++) await send(badKey(i));
      expect(await send(known)).toBe(status);
    }
  });

  it('are counted per /64 network for IPv6 clients', async () => {
    const app = await started({ ...FLOOD });
    const send = async (i: number, from: string) =>
      (await app.request(APIS[api]({ key: badKey(i) }), undefined, from)).status;
    for (let i = 0; i < 10; i++) expect(await send(i, `2001:db8:0:7::${i + 1}`)).toBe(401);
    expect(await send(10, '2001:db8:0:7:1:2:3:4')).toBe(429);
    expect(await send(10, '2001:db8:0:8::1')).toBe(401);
    expect(await send(10, '::ffff:192.0.2.1')).toBe(401);
  });
});

it('a revoked key is rejected even if its address used it before', async () => {
  const app = await started({ RELAYLOG_REJECTED_CREDENTIALS_PER_SECOND: '1' });
  const key = await app.key('acme');
  const send = async (one: string) =>
    (await app.request(APIS.scrip({ key: one }), undefined, '192.0.2.1')).status;
  await send(UNKNOWN_KEY);
  expect(await send(key)).toBe(200);
  for (let i = 0; i < 20; i++) await send(UNKNOWN_KEY);
  await app.revoke(key);
  expect(await send(key)).toBe(401);
});

it('a real server counts rejected credentials by client address', async () => {
  const server = await serving({
    folder: workFolder(),
    environment: { RELAYLOG_REJECTED_CREDENTIALS_PER_SECOND: '1', RELAYLOG_LOG_LEVEL: 'error' },
  });
  const statuses = [];
  for (let i = 0; i < 40; i++) {
    const { status } = await fetch(`${server.url}/v1/logs`, { headers: { 'x-api-key': UNKNOWN_KEY } });
    statuses.push(status);
  }
  await server.stop();
  expect(statuses.slice(0, 10)).toEqual(Array.from({ length: 10 }, () => 401));
  expect(statuses).toContain(429);
});
