import * as fc from 'fast-check';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { DAY_MS, SECOND_MS } from '../src/lib/time-units.ts';
import { recorded, sampleLog } from './store/samples.ts';
import { TEST_NOW, type TestApp, testApp } from './support/app.ts';
import { walk } from './support/walk.ts';

/* Windows whose start moves with the clock: the default range of Signa, and the retention window of a plan. */

interface Row {
  request_id: string;
}
interface Page {
  rows: Row[];
  cursor: string | null;
}

const HOUR_MS = DAY_MS / 24;
const WEEK_MS = 7 * DAY_MS;
/** Rows at the start of the window; four of them share each millisecond. */
const COUNT = 120;

describe('a walk across the moving start of a window', () => {
  let app: TestApp;
  let free: string;
  let archive: string;
  beforeAll(async () => {
    app = await testApp();
    free = await app.key('free', undefined, 'free');
    archive = await app.key('archive');
    const rows = Array.from({ length: COUNT }, (_, i) => ({
      requestId: `w${i}`,
      durationMs: i % 5,
      statusCode: 200 + (i % 3),
      after: Math.floor(i / 4),
    }));
    for (const [organizationId, start] of [
      ['archive', TEST_NOW - DAY_MS],
      ['free', TEST_NOW - WEEK_MS],
    ] as const) {
      const logs = rows.map(({ after, ...row }) =>
        sampleLog({ ...row, organizationId, createdAt: start + after }),
      );
      await app.store.insert(
        logs.map((log) => ({ ...recorded(log), payload: { ...NO_PAYLOAD, requestBody: { id: log.id } } })),
      );
    }
  });
  afterAll(() => app.close());
  beforeEach(() => app.setNow(TEST_NOW));

  const get = async (url: string, key: string) => {
    const response = await app.request(url, { headers: { authorization: `Bearer ${key}` } });
    expect([url, response.status, await response.clone().text()]).toEqual([url, 200, expect.any(String)]);
    return response.json();
  };
  const signa = async (query: string, key: string): Promise<Page> => {
    const { data, pagination } = (await get(`/v1/organization/logs?${query}`, key)) as {
      data: Row[];
      pagination: { cursor: string | null };
    };
    return { rows: data, cursor: pagination.cursor };
  };
  const scrip = async (query: string, key: string): Promise<Page> => {
    const { data, pagination } = (await get(`/v1/logs?${query}`, key)) as {
      data: Row[];
      pagination: { next_cursor: string | null };
    };
    return { rows: data, cursor: pagination.next_cursor };
  };
  /** Walks with a step of time before each page but the first. Fails if a page that was promised is empty. */
  const slowly = async (page: (cursor: string) => Promise<Page>, step = 2 * SECOND_MS) => {
    let now = TEST_NOW;
    const all = await walk<Row>(async (cursor) => {
      app.setNow(now);
      now += step;
      const answer = await page(cursor);
      expect(answer.rows).not.toEqual([]);
      return answer;
    }, COUNT);
    expect(new Set(all.map(({ request_id }) => request_id)).size).toBe(COUNT);
    expect(all).toHaveLength(COUNT);
    return all;
  };

  it.each([2, 50])('Signa keeps the default range, in pages of %d', async (limit) => {
    await slowly((cursor) => signa(`limit=${limit}${cursor}`, archive));
    // The range of a request without a cursor moves on.
    expect((await signa('limit=2', archive)).rows).toEqual([]);
  });

  it('Signa keeps the default range for as long as its cursors are valid', async () => {
    await slowly((cursor) => signa(`limit=50${cursor}`, archive), DAY_MS);
  });

  it('Signa counts and ends in the range of the first page', async () => {
    const first = await signa('limit=2&include_total=true', archive);
    app.setNow(TEST_NOW + HOUR_MS);
    await app.insert({ organizationId: 'archive', requestId: 'late', createdAt: TEST_NOW + 1 });
    const later = await get(
      `/v1/organization/logs?limit=2&include_total=true&cursor=${first.cursor}`,
      archive,
    );
    expect(later).toMatchObject({ pagination: { total_count: COUNT } });
    const { rows } = await signa('limit=100', archive);
    expect(rows.map(({ request_id }) => request_id)).toEqual(['req_late']);
  });

  it.each([2, 50])('Signa keeps the retention window, in pages of %d', async (limit) => {
    const start = new Date(TEST_NOW - WEEK_MS).toISOString();
    await slowly((cursor) => signa(`limit=${limit}&start_date=${start}${cursor}`, free));
  });

  it('Signa refuses no page of a walk whose first page was answered', async () => {
    const start = new Date(TEST_NOW - WEEK_MS - DAY_MS + 1).toISOString();
    await slowly((cursor) => signa(`limit=50&start_date=${start}${cursor}`, free));
  });

  it.each(
    ['created_at', 'duration_ms', 'status_code'].flatMap((by) =>
      ['asc', 'desc'].flatMap((order) => [2, 50].map((limit) => [by, order, limit] as const)),
    ),
  )('Scrip keeps the retention window: %s %s, in pages of %d', async (by, order, limit) => {
    await slowly((cursor) => scrip(`sort_by=${by}&sort_dir=${order}&limit=${limit}${cursor}`, free));
  });

  const graphql = async (args: string, key: string) => {
    const { data, errors } = await app.graphql<{ requestLogs: Connection }>(
      key,
      `{ requestLogs(${args}) { totalCount nodes { id requestId requestBody } pageInfo { hasNextPage hasPreviousPage startCursor endCursor } } }`,
    );
    expect(errors).toBeUndefined();
    return data.requestLogs;
  };

  it.each([
    ['first', 'after', 2],
    ['first', 'after', 50],
    ['last', 'before', 2],
    ['last', 'before', 50],
  ])('GraphQL keeps the retention window, with %s and %s, in pages of %d', async (size, bound, limit) => {
    await slowly(async (parameter) => {
      const cursor = parameter.replace('&cursor=', '');
      const { nodes, pageInfo, totalCount } = await graphql(
        `${size}: ${limit}${cursor && `, ${bound}: ${JSON.stringify(cursor)}`}`,
        free,
      );
      expect(totalCount).toBe(COUNT);
      for (const { requestBody } of nodes) expect(requestBody).toEqual({ id: expect.any(String) });
      const { hasNextPage, hasPreviousPage, endCursor, startCursor } = pageInfo;
      const next = size === 'first' ? hasNextPage && endCursor : hasPreviousPage && startCursor;
      return { rows: nodes.map(({ requestId }) => ({ request_id: requestId })), cursor: next || null };
    });
  });

  it('GraphQL can page back and forth within the window', async () => {
    const first = await graphql('first: 2', free);
    app.setNow(TEST_NOW + HOUR_MS);
    const second = await graphql(`first: 2, after: "${first.pageInfo.endCursor}"`, free);
    app.setNow(TEST_NOW + 2 * HOUR_MS);
    const back = await graphql(`last: 2, before: "${second.pageInfo.startCursor}"`, free);
    expect(back.nodes).toEqual(first.nodes);
  });

  it('after a day, a walk has the current retention window, and ends', async () => {
    const first = await graphql('first: 2', free);
    const next = `first: 2, after: "${first.pageInfo.endCursor}"`;
    app.setNow(TEST_NOW + DAY_MS);
    expect((await graphql(next, free)).nodes).toHaveLength(2);
    app.setNow(TEST_NOW + DAY_MS + 1);
    expect(await graphql(next, free)).toMatchObject({
      totalCount: 0,
      nodes: [],
      pageInfo: { hasNextPage: false },
    });
    app.setNow(TEST_NOW);
    const { cursor } = await scrip('limit=2', free);
    app.setNow(TEST_NOW + DAY_MS + 1);
    expect(await scrip(`limit=2&cursor=${cursor}`, free)).toEqual({ rows: [], cursor: null });
  });

  it('a cursor of one log shows no other log than its walk: lookups have the current window', async () => {
    const { nodes } = await graphql('first: 1', free);
    const lookup = `{ node(id: "${nodes[0]!.id}") { id } requestLog(requestId: "${nodes[0]!.requestId}") { id } }`;
    app.setNow(TEST_NOW + HOUR_MS);
    expect((await app.graphql(free, lookup)).data).toEqual({ node: null, requestLog: null });
  });

  it('any page sizes and any pauses that take less than a day', async () => {
    const sizes = fc.array(fc.integer({ min: 1, max: 100 }), { minLength: 1, maxLength: 4 });
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(scrip, signa),
        sizes,
        fc.integer({ min: 0, max: DAY_MS / COUNT }),
        async (api, limits, step) => {
          const start = new Date(TEST_NOW - WEEK_MS).toISOString();
          let page = 0;
          const range = api === signa ? `&start_date=${start}` : '';
          await slowly(
            (cursor) => api(`limit=${limits[page++ % limits.length]}${range}${cursor}`, free),
            step,
          );
        },
      ),
      { numRuns: 15 },
    );
  });
});

const NO_PAYLOAD = { requestHeaders: null, requestBody: null, responseHeaders: null, responseBody: null };

interface Connection {
  totalCount: number;
  nodes: { id: string; requestId: string; requestBody: unknown }[];
  pageInfo: {
    hasNextPage: boolean;
    hasPreviousPage: boolean;
    startCursor: string | null;
    endCursor: string | null;
  };
}
