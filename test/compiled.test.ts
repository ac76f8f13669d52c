import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import fc from 'fast-check';
import { parse } from 'graphql';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createApp } from '../src/app.ts';
import { demoLogs } from '../src/demo/demo-logs.ts';
import { BailOut } from '../src/graphql/compiled/bail-out.ts';
import { KEPT, Programs } from '../src/graphql/compiled/programs.ts';
import { costOf } from '../src/graphql/query-cost.ts';
import { schema } from '../src/graphql/schema.ts';
import { RelaylogError } from '../src/log/errors.ts';
import type { Store } from '../src/store/store.ts';
import { createLogger } from '../src/telemetry/logger.ts';
import { TEST_NOW, type TestApp, testApp } from './support/app.ts';
import { jsonPost } from './support/json-post.ts';
import { type KnownValues, RandomQuery } from './support/random-query.ts';
import { trials } from './support/trials.ts';
import { wrapStore } from './support/wrap-store.ts';

const RUNS = trials(300, 2_000);
const ACCEPT = [
  undefined,
  '*/*',
  'application/json',
  'application/graphql-response+json',
  'application/json;q=0.5, application/graphql-response+json',
  'text/plain',
  'text/event-stream',
  'multipart/mixed',
];

describe('a compiled operation', () => {
  let app: TestApp;
  let ordinary: ReturnType<typeof createApp>;
  let keys: string[];
  let known: KnownValues;
  /** The store method whose calls fail; null for none. */
  let broken: string | null = null;
  let calls: string[] = [];

  beforeAll(async () => {
    const wrap = (store: Store) =>
      wrapStore(store, (name) => {
        calls.push(name);
        if (name === broken)
          throw new RelaylogError('UNAVAILABLE', 'The store is unavailable.', { retryAfter: 3 });
      });
    app = await testApp({ RELAYLOG_GRAPHQL_MAX_COST: '4000' }, wrap);
    ordinary = createApp({
      config: { ...app.config, RELAYLOG_GRAPHQL_COMPILED: 'off' },
      store: wrap(app.store),
      ingest: { pending: 0, ingest: () => Promise.reject(new Error('not called')), close: async () => {} },
      logger: createLogger('silent'),
      now: () => TEST_NOW,
    });
    keys = [
      await app.key('acme'),
      await app.key('acme', ['logs:read']),
      await app.key('acme', ['logs:write']),
    ];
    await app.store.insert(demoLogs({ organizationId: 'acme', count: 150, days: 1, now: TEST_NOW }));
    const { data } = await app.graphql<{
      requestLogs: { edges: { cursor: string; node: { id: string; requestId: string } }[] };
    }>(keys[0]!, '{ requestLogs(first: 5) { edges { cursor node { id requestId } } } }');
    const { edges } = data.requestLogs;
    known = {
      cursors: [...edges.map(({ cursor }) => cursor), 'nonsense'],
      globalIds: [...edges.map(({ node }) => node.id), 'nonsense'],
      requestIds: [...edges.map(({ node }) => node.requestId), 'req_nobody'],
    };
  });
  afterAll(() => app.close());

  const init = (key: string, body: object, accept?: string) => jsonPost(key, body, accept ? { accept } : {});
  /** Headers that differ between calls: the request id and the remaining rate limit. */
  const VARYING_HEADERS = ['x-request-id', 'ratelimit'];
  async function comparable(requested: Response | Promise<Response>) {
    const response = await requested;
    const headers = [...response.headers].map(([name, value]) => [name.toLowerCase(), value]);
    return {
      status: response.status,
      headers: headers.filter(([name]) => !VARYING_HEADERS.includes(name!)).sort(),
      text: withSortedErrors(await response.text()),
    };
  }
  /** Sorts the errors of a response, because the order in which two fields fail is not determined. */
  function withSortedErrors(text: string): string {
    // In an event stream or a multipart body, the JSON is on a line of its own.
    return text.replace(/\{.*\}/, (json) => {
      const { errors, ...rest } = JSON.parse(json) as { errors?: object[] };
      if (errors === undefined) return json;
      return JSON.stringify({ ...rest, errors: errors.map((error) => JSON.stringify(error)).sort() });
    });
  }
  async function metric(name: string): Promise<number> {
    const text = await (await app.request('/metrics')).text();
    return Number(new RegExp(`^${name} (\\d+)$`, 'm').exec(text)![1]);
  }

  it(`returns the same bytes as graphql-js: ${RUNS} random queries, three times each`, async () => {
    const outcomes = { data: 0, errors: 0 };
    await fc.assert(
      fc.asyncProperty(
        fc.gen(),
        fc.constantFrom(...ACCEPT),
        fc.constantFrom(0, 0, 0, 1, 1, 2),
        async (g, accept, keyIndex) => {
          const requested = init(keys[keyIndex]!, new RandomQuery(g, known).body(), accept);
          const expected = await comparable(ordinary.request('/graphql', requested));
          for (let time = 0; time < 3; time++) {
            expect(await comparable(app.request('/graphql', requested))).toEqual(expected);
          }
          outcomes[expected.text.includes('"errors"') ? 'errors' : 'data'] += 1;
        },
      ),
      { numRuns: RUNS },
    );
    expect(outcomes.data).toBeGreaterThan(RUNS / 4);
    expect(outcomes.errors).toBeGreaterThan(RUNS / 20);
    expect(await metric('relaylog_graphql_compiled_answers_total')).toBeGreaterThan(outcomes.data);
  }, 300_000);

  it('fails as it would with graphql-js, and calls the store only once', async () => {
    const requested = init(keys[0]!, {
      query: '{ requestLogs(first: 2) { totalCount edges { node { id } } } }',
    });
    await comparable(app.request('/graphql', requested));
    const before = await metric('relaylog_graphql_compiled_answers_total');
    await comparable(app.request('/graphql', requested));
    expect(await metric('relaylog_graphql_compiled_answers_total')).toBe(before + 1);
    for (const method of ['find', 'count']) {
      broken = method;
      calls = [];
      const answer = await comparable(app.request('/graphql', requested));
      expect(calls.filter((name) => name === 'find' || name === 'count').sort()).toEqual(['count', 'find']);
      expect(answer).toEqual(await comparable(ordinary.request('/graphql', requested)));
      if (method === 'find') {
        expect(answer).toMatchObject({
          status: 503,
          headers: expect.arrayContaining([['retry-after', '3']]),
        });
      } else {
        expect(answer.status).toBe(200);
        expect(JSON.parse(answer.text)).toMatchObject({
          data: { requestLogs: { totalCount: null, edges: [{}, {}] } },
          errors: [expect.stringContaining('"path":["requestLogs","totalCount"]')],
        });
      }
      broken = null;
    }
    expect((await comparable(app.request('/graphql', requested))).status).toBe(200);
  });

  it('leaves no unhandled rejection, which would end the process, if another field fails first', async () => {
    const unhandled: unknown[] = [];
    const record = (error: unknown) => unhandled.push(error);
    process.on('unhandledRejection', record);
    const query =
      'query ($id: String!, $n: Int) { a: requestLog(requestId: $id) { id } b: requestLogs(first: $n) { nodes { id } } }';
    const body = (n: number) => ({ query, variables: { id: known.requestIds[0], n } });
    for (let time = 0; time < 2; time++) await comparable(app.request('/graphql', init(keys[0]!, body(1))));
    broken = 'findByRequestId';
    const answer = await comparable(app.request('/graphql', init(keys[0]!, body(-1))));
    expect(answer).toEqual(await comparable(ordinary.request('/graphql', init(keys[0]!, body(-1)))));
    broken = null;
    await setTimeout(10);
    process.off('unhandledRejection', record);
    expect(unhandled).toEqual([]);
  });

  it.each([
    ['application/json', '/graphql'],
    ['Application/JSON', '/graphql'],
    ['application/json ; charset=utf-8', '/graphql'],
    ['application/json', '/graphql?x=/health'],
    ['application/json', '/%67raphql'],
  ])('is used for every spelling of the content type and path: %s, %s', async (type, path) => {
    const body = JSON.stringify({
      query: 'query ($__proto__: Int) { requestLogs(first: $__proto__) { nodes { id } } }',
      variables: { ['__proto__']: 3 },
    });
    const requested = { method: 'POST', headers: { 'x-api-key': keys[0]!, 'content-type': type }, body };
    const compiled = () => metric('relaylog_graphql_compiled_answers_total');
    for (let time = 0; time < 2; time++)
      await comparable(app.request('/graphql', init(keys[0]!, JSON.parse(body))));
    const before = await compiled();
    const answer = await comparable(app.request(path, requested));
    expect(answer).toEqual(await comparable(ordinary.request(path, requested)));
    expect(JSON.parse(answer.text).data.requestLogs.nodes).toHaveLength(3);
    expect(await compiled()).toBe(before + 1);
  });

  it('answers a GET regardless of the end of its query string', async () => {
    const get = await app.request('/graphql?query={__typename}&x=/health', {
      headers: { 'x-api-key': keys[0]! },
    });
    expect([get.status, await get.text()]).toEqual([200, '{"data":{"__typename":"Query"}}']);
  });

  it('bounds the cache of parsed operations by their total length', async () => {
    for (let i = 0; i < 40; i++) {
      const comment = `#${'x'.repeat(20_000)}`;
      await app.request('/graphql', init(keys[0]!, { query: `{ __typename } ${comment}${i}` }));
      await app.request('/graphql', init(keys[0]!, { query: `{ nothing } ${comment}${i}` }));
      await app.request('/graphql', init(keys[0]!, { query: `{ ${comment}${i}` }));
    }
    for (const cache of ['parsed_operations', 'refused_operations']) {
      const name = `relaylog_cache_entries{cache="${cache}"}`;
      expect(await metric(name)).toBeGreaterThan(1);
      expect(await metric(name)).toBeLessThanOrEqual(12);
    }
  });
});

describe('allowed operations', () => {
  it('are compiled by their id, which admits no other operation', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'relaylog-'));
    const file = join(folder, 'operations.json');
    writeFileSync(file, JSON.stringify({ newest: '{ requestLogs(first: 1) { edges { node { path } } } }' }));
    const app = await testApp({ RELAYLOG_GRAPHQL_OPERATIONS_FILE: file });
    const key = await app.key('acme');
    await app.insert({});
    const send = async (body: object) => {
      const answer = await app.post(key, body);
      return [answer.status, await answer.text()];
    };
    const first = await send({ documentId: 'newest' });
    expect(first[0]).toBe(200);
    expect(await send({ documentId: 'newest' })).toEqual(first);
    const metrics = await (await app.request('/metrics')).text();
    expect(metrics).toContain('relaylog_graphql_compiled_answers_total 1\n');
    for (const body of [
      { query: '{ requestLogs(first: 1) { edges { node { path } } } }' },
      { query: 'newest' },
      { documentId: 'other' },
      { documentId: 'newest', query: '{ viewer { plan } }' },
    ]) {
      expect((await send(body))[1]).not.toContain('"data":{');
    }
    await app.close();
    rmSync(folder, { recursive: true });
  });
});

describe('the cache of compiled operations', () => {
  it('is bounded and evicts the least recently used operation', () => {
    const programs = new Programs(schema);
    const document = (i: number) => parse(`{ a${i}: __typename }`);
    const key = (i: number) => `${i}`.padEnd(KEPT.characters / 10);
    for (let i = 0; i < 25; i++) programs.add(key(i), document(i), null);
    expect(programs.operations.weight).toBe(KEPT.characters);
    expect([programs.operations.size, programs.operations.evictions]).toEqual([10, 15]);
    expect(() => programs.operation(key(14))).toThrow('not known');
    expect(programs.operation(key(15)).conditions).toEqual([]);
    programs.add('x'.repeat(KEPT.characters + 1), document(1), null);
    expect(programs.operations.size).toBe(10);
  });

  it('keeps the cost of an operation for a bounded number of variable values, and none for long values', () => {
    const programs = new Programs(schema);
    const text = (name: string) =>
      `query ${name}($first: Int, $after: String) { requestLogs(first: $first, after: $after) { nodes { id path } } }`;
    for (const name of ['A', 'B']) programs.add(name, parse(text(name)), null);
    const [a, b] = [programs.operation('A'), programs.operation('B')];
    const expected = (first: number) => costOf(schema, a.document, null, { first });
    for (let time = 0; time < 2; time++) {
      for (const first of [1, 2, 100]) expect(programs.cost(a, { first })).toEqual(expected(first));
      expect(programs.cost(b, { first: 1 })).toEqual(expected(1));
    }
    expect([programs.costs.size, programs.costs.hits]).toEqual([4, 4]);
    expect(programs.cost(a, { first: 3, after: 'x'.repeat(KEPT.variables) })).toEqual(expected(3));
    expect(programs.costs.size).toBe(4);
    for (let i = 0; i < KEPT.costs; i++) {
      programs.cost(a, { first: 1, after: `${i}` });
      programs.cost(b, { first: 1 });
    }
    expect([programs.costs.size, programs.costs.evictions]).toEqual([KEPT.costs, 4]);
    expect(programs.cost(b, { first: 1 })).toEqual(expected(1));
  });

  it('keeps one program for each combination of conditions, up to a bound', () => {
    const programs = new Programs(schema);
    const names = ['a', 'b', 'c', 'd', 'e'];
    programs.add(
      'key',
      parse(
        `query (${names.map((name) => `$${name}: Boolean!`)}) { ${names.map((name) => `${name}: __typename @include(if: $${name})`).join(' ')} }`,
      ),
      null,
    );
    const operation = programs.operation('key');
    const { weight } = programs.operations;
    const created = new Set();
    let refused = 0;
    for (let i = 0; i < 32; i++) {
      const values = Object.fromEntries(names.map((name, bit) => [name, Boolean(i & (1 << bit))]));
      try {
        created.add(programs.program('key', operation, programs.variables(operation, values)));
      } catch (error) {
        expect(error).toBeInstanceOf(BailOut);
        refused += 1;
      }
    }
    expect([created.size, refused]).toEqual([KEPT.programs, 32 - KEPT.programs]);
    expect(programs.operations.weight).toBe(weight * (1 + KEPT.programs));
  });
});
