import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { isoTime } from '../src/lib/date-time.ts';
import { HOUR_MS } from '../src/lib/time-units.ts';
import { type GraphQLAnswer, TEST_NOW, type TestApp, testApp } from './support/app.ts';
import { stoppingStore } from './support/stopping-store.ts';

const LOGS = 300;
/** The logs that a search reads in its time. */
const READABLE = 40;

/* Searches for a rare text in a store that can read few logs in the time of a query. */
describe('a search that stops', () => {
  let app: TestApp;
  let key: string;
  const start = TEST_NOW - LOGS * HOUR_MS;
  const rare = [3, 4, 150, 299];
  beforeAll(async () => {
    app = await testApp({}, (store) => stoppingStore(store, READABLE));
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
