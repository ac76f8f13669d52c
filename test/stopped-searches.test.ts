import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { isoTime } from '../src/lib/date-time.ts';
import { HOUR_MS } from '../src/lib/time-units.ts';
import { queryTimeout } from '../src/store/read-budget.ts';
import type { Store } from '../src/store/store.ts';
import { timeWindow, withinTime } from '../src/store/time-window.ts';
import { type GraphQLAnswer, TEST_NOW, type TestApp, testApp } from './support/app.ts';
import { wrapStore } from './support/wrap-store.ts';

const LOGS = 300;
/** The logs that a search reads in its time. */
const READABLE = 40;

/** How long each of its queries takes, by the clock, in milliseconds. */
const QUERY_MS = 600;

/* Searches for a rare text in a store that can read few logs in the time of a query. */
describe('a search that stops', () => {
  let app: TestApp;
  let key: string;
  const start = TEST_NOW - LOGS * HOUR_MS;
  let waited = 0;
  const now = performance.now.bind(performance);
  const rare = [3, 4, 150, 299];
  beforeAll(async () => {
    vi.spyOn(performance, 'now').mockImplementation(() => now() + waited);
    app = await testApp({}, (store) => {
      const slow: Partial<Store> = {
        async find(query, options) {
          if (options?.budgetMs === undefined) return store.find(query, options);
          const read = await store.find({
            ...query,
            filter: withinTime(timeWindow(query.scope, query.filter)),
            limit: READABLE + 1,
            fields: [],
          });
          if (read.length > READABLE) throw queryTimeout();
          waited += QUERY_MS;
          return store.find(query, options);
        },
        async count(scope, filter, limit, options) {
          const read = await store.count(scope, withinTime(timeWindow(scope, filter)), null);
          if (read.count > READABLE) throw queryTimeout();
          waited += QUERY_MS;
          return store.count(scope, filter, limit, options);
        },
      };
      return wrapStore(store, () => undefined, slow);
    });
    key = await app.key('acme');
    await app.insert(
      ...Array.from({ length: LOGS }, (_, i) => ({
        organizationId: 'acme',
        requestId: `r${i}`,
        createdAt: start + i * HOUR_MS,
        durationMs: i,
        ...(rare.includes(i) && { path: '/rare', authType: 'rare' }),
      })),
    );
  });
  afterAll(async () => {
    vi.restoreAllMocks();
    await app.close();
  });

  const all = rare.toReversed().map((i) => `req_r${i}`);

  interface Page {
    readonly requestLogs: {
      readonly edges: readonly { node: { requestId: string } }[];
      readonly pageInfo: Readonly<Record<'startCursor' | 'endCursor', string | null>> &
        Readonly<Record<'hasNextPage' | 'hasPreviousPage', boolean>>;
      readonly searchedTo: string | null;
    };
  }

  it.each([
    ['CREATED_AT', 'DESC'],
    ['CREATED_AT', 'ASC'],
    ['DURATION_MS', 'DESC'],
    ['DURATION_MS', 'ASC'],
  ])('is walked by GraphQL pages in order of %s %s, forwards and backwards', async (sort, direction) => {
    const inOrder = direction === 'DESC' ? all : all.toReversed();
    for (const [count, next, end, more] of [
      ['first', 'after', 'endCursor', 'hasNextPage'],
      ['last', 'before', 'startCursor', 'hasPreviousPage'],
    ] as const) {
      const found: string[] = [];
      let stops = 0;
      for (let cursor: string | null = null; ; ) {
        const position: string = cursor === null ? '' : `${next}: "${cursor}"`;
        const { data, errors }: GraphQLAnswer<Page> = await app.graphql(
          key,
          `{ requestLogs(filter: { path: { contains: "rare" } }, sort: { field: ${sort}, direction: ${direction} }, ${count}: 3 ${position}) {
            edges { node { requestId } } pageInfo { ${end} ${more} } searchedTo
          } }`,
        );
        expect(errors).toBeUndefined();
        const { edges, pageInfo, searchedTo }: Page['requestLogs'] = data.requestLogs;
        const ids = edges.map(({ node }) => node.requestId);
        found.push(...(count === 'first' ? ids : ids.toReversed()));
        if (!pageInfo[more]) break;
        if (ids.length < 3) {
          stops++;
          if (sort === 'DURATION_MS') expect(searchedTo).toBeNull();
          else expect(Date.parse(searchedTo!)).toBeGreaterThanOrEqual(start);
        }
        expect(pageInfo[end]).toEqual(expect.any(String));
        cursor = pageInfo[end];
      }
      expect(found).toEqual(count === 'first' ? inOrder : inOrder.toReversed());
      expect(stops).toBeGreaterThan(1);
    }
  });

  it.each([
    '/v1/logs?auth_type=rare',
    `/v1/organization/logs?q=rare&from=${isoTime(start)}&to=${isoTime(TEST_NOW)}`,
  ])('is walked by the pages of %s', async (path) => {
    const found: string[] = [];
    let empty = 0;
    for (let cursor: string | null = null; ; ) {
      const position: string = cursor === null ? '' : `&cursor=${encodeURIComponent(cursor)}`;
      const response = await app.request(`${path}&limit=10${position}`, {
        headers: { authorization: `Bearer ${key}` },
      });
      const { data, pagination, ...rest } = await response.json();
      expect([response.status, rest]).toEqual([200, expect.any(Object)]);
      found.push(...data.map((row: { id?: string; request_id?: string }) => row.request_id ?? row.id));
      if (data.length === 0) empty++;
      cursor = pagination.next_cursor ?? pagination.cursor ?? null;
      if (cursor === null) break;
    }
    expect(found).toHaveLength(rare.length);
    expect(empty).toBeGreaterThan(0);
  });

  it('has a lower bound as its count', async () => {
    const { data, errors } = await app.graphql(
      key,
      '{ requestLogs(filter: { path: { contains: "rare" } }) { totalCount totalCountApproximate } }',
    );
    expect(errors).toBeUndefined();
    expect(data).toEqual({ requestLogs: { totalCount: 1, totalCountApproximate: true } });
  });
});
