import { readFileSync } from 'node:fs';
import { isEnumType, isInputObjectType, isInterfaceType, isIntrospectionType, isObjectType } from 'graphql';
import { serverAudits } from 'graphql-http';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { printedSchema, schema } from '../src/graphql/schema.ts';
import { DAY_MS } from '../src/lib/time-units.ts';
import { fieldOf, LOG_FIELDS, type LogField } from '../src/log/fields.ts';
import { PAYLOAD_PART_NAMES } from '../src/log/payload.ts';
import { DIRECTIONS, SORT_FIELDS } from '../src/log/sort.ts';
import { expectedPage } from './store/oracle.ts';
import { ALL_NULLABLE_FIELDS } from './store/samples.ts';
import { TEST_NOW, type TestApp, testApp } from './support/app.ts';
import { wrapStore } from './support/wrap-store.ts';

const shown = (name: string, value: unknown) =>
  fieldOf(name as LogField).kind === 'time' ? new Date(Number(value)).toISOString() : value;

describe('the schema', () => {
  it('matches schema.graphql (npm run schema writes it)', () => {
    expect(readFileSync('schema.graphql', 'utf8')).toBe(printedSchema());
  });

  it('describes every type, field, argument and value', () => {
    const undescribed: string[] = [];
    const check = (name: string, description: string | null | undefined) => {
      if (!description) undescribed.push(name);
    };
    for (const type of Object.values(schema.getTypeMap()).filter((one) => !isIntrospectionType(one))) {
      check(type.name, type.description);
      if (isObjectType(type) || isInterfaceType(type)) {
        for (const field of Object.values(type.getFields())) {
          check(`${type.name}.${field.name}`, field.description);
          for (const arg of field.args) check(`${type.name}.${field.name}(${arg.name})`, arg.description);
        }
      }
      if (isInputObjectType(type)) {
        for (const field of Object.values(type.getFields()))
          check(`${type.name}.${field.name}`, field.description);
      }
      if (isEnumType(type))
        for (const value of type.getValues()) check(`${type.name}.${value.name}`, value.description);
    }
    expect(undescribed).toEqual([]);
  });
});

interface PageInfo {
  hasNextPage: boolean;
  hasPreviousPage: boolean;
  startCursor: string | null;
  endCursor: string | null;
}
interface Page {
  requestLogs: {
    totalCount: number;
    edges: { cursor: string; node: { requestId: string } }[];
    pageInfo: PageInfo;
  };
}

const PAGE = `query Page($first: Int, $after: String, $last: Int, $before: String, $filter: RequestLogFilter, $sort: RequestLogSort) {
  requestLogs(first: $first, after: $after, last: $last, before: $before, filter: $filter, sort: $sort) {
    edges { cursor node { requestId } }
    pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
  }
}`;

describe('GraphQL', () => {
  let app: TestApp;
  let key: string;
  const calls: string[] = [];
  beforeAll(async () => {
    app = await testApp({}, (store) => wrapStore(store, (method) => calls.push(method)));
    key = await app.key('acme');
  });
  afterAll(() => app.close());

  const page = async (variables: object) => (await app.graphql<Page>(key, PAGE, variables)).data.requestLogs;
  const ids = (one: Page['requestLogs']) => one.edges.map(({ node }) => node.requestId);
  const refused = async (query: string, variables?: object, useKey = key) => {
    const { errors, status } = await app.graphql(useKey, query, variables);
    return { code: errors?.[0]?.extensions.code, message: errors?.[0]?.message, status };
  };

  it('passes every audit of graphql-http', async () => {
    const audits = serverAudits({
      url: 'http://localhost/graphql',
      fetchFn: (url: string, init: RequestInit = {}) =>
        app.request(url, { ...init, headers: { ...(init.headers as object), 'x-api-key': key } }),
    });
    const results = await Promise.all(audits.map((audit) => audit.fn()));
    expect(results.filter(({ status }) => status !== 'ok').map(({ name }) => name)).toEqual([]);
    expect(results).toHaveLength(61);
  });

  it('returns every field of a log', async () => {
    const [log] = await app.insert({
      ...ALL_NULLABLE_FIELDS,
      statusCode: 404,
      requestId: 'full',
      organizationId: 'acme',
    });
    const { data } = await app.graphql<{ requestLog: { id: string } }>(
      key,
      `{ requestLog(requestId: "req_full") { id outcome ${LOG_FIELDS.join(' ')} ${PAYLOAD_PART_NAMES.join(' ')} } }`,
    );
    const { id: _, organizationId: __, ...fields } = log!;
    expect(data.requestLog).toEqual({
      ...Object.fromEntries(Object.entries(fields).map(([name, value]) => [name, shown(name, value)])),
      id: expect.any(String),
      requestId: 'req_full',
      outcome: 'CLIENT_ERROR',
      requestHeaders: null,
      requestBody: null,
      responseHeaders: null,
      responseBody: null,
    });
    const again = await app.graphql(
      key,
      'query ($id: ID!) { node(id: $id) { id ... on RequestLog { requestId } } }',
      {
        id: data.requestLog.id,
      },
    );
    expect(again.data).toEqual({ node: { id: data.requestLog.id, requestId: 'req_full' } });
    const bare = await app.graphql(key, '{ requestLog(requestId: "full") { requestId } }');
    expect(bare.data).toEqual({ requestLog: { requestId: 'req_full' } });
  });

  it('describes the caller: organization, plan, scopes and limits', async () => {
    const free = await app.key('free-org', ['logs:read'], 'free');
    const { data } = await app.graphql(
      free,
      '{ viewer { organizationId plan retentionDays visibleFrom scopes limits { maxPageSize } } }',
    );
    expect(data).toEqual({
      viewer: {
        organizationId: 'free-org',
        plan: 'free',
        retentionDays: 7,
        visibleFrom: '2026-04-11T12:00:00.000Z',
        scopes: ['logs:read'],
        limits: { maxPageSize: 100 },
      },
    });
  });

  describe('pages', () => {
    const many = Array.from({ length: 130 }, (_, i) => ({
      organizationId: 'pages',
      requestId: `p${i}`,
      createdAt: TEST_NOW - 5000 + (i % 9),
      statusCode: 200 + (i % 4),
      durationMs: i % 5 === 0 ? null : i % 6,
    }));
    let own: string;
    let logs: Awaited<ReturnType<TestApp['insert']>>;
    beforeAll(async () => {
      own = await app.key('pages');
      logs = await app.insert(...many);
    });
    const get = async (variables: object) => (await app.graphql<Page>(own, PAGE, variables)).data.requestLogs;
    const order = (sort: (typeof SORT_FIELDS)[number], direction: (typeof DIRECTIONS)[number]) =>
      expectedPage(logs, {
        scope: { organizationId: 'pages', visibleFrom: null },
        filter: { op: 'and', filters: [] },
        sort,
        direction,
        limit: 1000,
      }).map(({ requestId }) => `req_${requestId}`);

    describe.each(SORT_FIELDS.flatMap((sort) => DIRECTIONS.map((direction) => ({ sort, direction }))))(
      'by $sort $direction',
      ({ sort, direction }) => {
        const field = sort.replace(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase();
        const variables = { sort: { field, direction: direction.toUpperCase() } };

        it.each([7, 100])('forward and backward walks, %i at a time, return each row once', async (size) => {
          const forward: string[] = [];
          for (let after: string | null = null; ; ) {
            const one: Page['requestLogs'] = await get({ ...variables, first: size, after });
            expect(one.pageInfo.hasPreviousPage).toBe(after !== null);
            expect(one.pageInfo.startCursor).toBe(one.edges[0]!.cursor);
            forward.push(...ids(one));
            if (!one.pageInfo.hasNextPage) break;
            after = one.pageInfo.endCursor;
          }
          expect(forward).toEqual(order(sort, direction));

          const backward: string[] = [];
          for (let before: string | null = null; ; ) {
            const one: Page['requestLogs'] = await get({ ...variables, last: size, before });
            expect(one.pageInfo.hasNextPage).toBe(before !== null);
            backward.unshift(...ids(one));
            if (!one.pageInfo.hasPreviousPage) break;
            before = one.pageInfo.startCursor;
          }
          expect(backward).toEqual(order(sort, direction));
        });
      },
    );

    it('follow the Relay specification for every combination of arguments', async () => {
      const all = order('createdAt', 'desc');
      const { edges } = await get({ first: 100 });
      const at = (i: number) => edges[i]!.cursor;
      const outline = (one: Page['requestLogs']) => [
        ids(one),
        one.pageInfo.hasPreviousPage,
        one.pageInfo.hasNextPage,
      ];
      expect(outline(await get({}))).toEqual([all.slice(0, 50), false, true]);
      expect(outline(await get({ first: 3, after: at(9), before: at(20) }))).toEqual([
        all.slice(10, 13),
        true,
        true,
      ]);
      expect(outline(await get({ last: 3, after: at(9), before: at(20) }))).toEqual([
        all.slice(17, 20),
        true,
        true,
      ]);
      expect(outline(await get({ first: 50, after: at(9), before: at(12) }))).toEqual([
        all.slice(10, 12),
        true,
        true,
      ]);
      expect(outline(await get({ first: 5, before: at(3) }))).toEqual([all.slice(0, 3), false, true]);
      expect(outline(await get({ last: 5, after: at(98) }))).toEqual([all.slice(125, 130), true, false]);
      expect(outline(await get({ before: at(60) }))).toEqual([all.slice(10, 60), true, true]);
      expect(outline(await get({ first: 5, after: at(9), before: at(10) }))).toEqual([[], true, true]);
      expect(outline(await get({ first: 5, filter: { statusCode: { eq: 599 } } }))).toEqual([
        [],
        false,
        false,
      ]);
    });

    it('count the rows of all pages, and report whether the count is approximate', async () => {
      const counts = '{ requestLogs { totalCount all: totalCount(exact: true) totalCountApproximate } }';
      const { data } = await app.graphql(own, counts);
      expect(data).toEqual({ requestLogs: { totalCount: 130, all: 130, totalCountApproximate: false } });
    });

    it('stop counting at 10,000 unless an exact count is requested', async () => {
      const big = await app.key('big');
      const rows = Array.from({ length: 10_001 }, (_, i) => ({
        organizationId: 'big',
        requestId: `b${i}`,
        statusCode: 200 + (i % 10_001 === 0 ? 1 : 0),
      }));
      await app.insert(...rows);
      const { data } = await app.graphql(
        big,
        `{ all: requestLogs { totalCount exact: totalCount(exact: true) totalCountApproximate }
          most: requestLogs(filter: { statusCode: { eq: 200 } }) { totalCount totalCountApproximate } }`,
      );
      expect(data).toEqual({
        all: { totalCount: 10_000, exact: 10_001, totalCountApproximate: true },
        most: { totalCount: 10_000, totalCountApproximate: false },
      });
    });

    it('call the store only for the selected fields', async () => {
      const requested = async (selection: string) => {
        calls.length = 0;
        await app.graphql(own, `{ requestLogs(first: 5) { ${selection} } }`);
        return calls.filter((name) => ['find', 'count', 'payloads'].includes(name));
      };
      const { endCursor } = (await get({ first: 5 })).pageInfo;
      const after = `{ requestLogs(first: 5, after: "${endCursor}") { `;
      expect(await requested('totalCount')).toEqual(['count']);
      expect(await requested('edges { node { path } } pageInfo { hasNextPage hasPreviousPage }')).toEqual([
        'find',
      ]);
      expect(await requested('nodes { path }')).toEqual(['find']);
      calls.length = 0;
      await app.graphql(own, `${after} edges { cursor } pageInfo { hasNextPage endCursor } } }`);
      expect(calls.filter((name) => name === 'find')).toHaveLength(1);
      calls.length = 0;
      await app.graphql(own, `${after} edges { cursor } pageInfo { hasPreviousPage } } }`);
      expect(calls.filter((name) => name === 'find')).toHaveLength(2);
    });

    it('load the bodies of 100 rows with one query', async () => {
      calls.length = 0;
      const { data } = await app.graphql<Page>(
        own,
        '{ requestLogs(first: 100) { edges { node { requestId requestHeaders requestBody responseHeaders responseBody } } } }',
      );
      expect(data.requestLogs.edges).toHaveLength(100);
      expect(calls.filter((name) => name === 'payloads')).toEqual(['payloads']);
    });
  });

  it('loads many nodes with one query, in the requested order, with null for missing ones', async () => {
    const own = await app.key('nodes');
    const other = await app.key('nodes-other');
    await app.insert(...['a', 'b', 'c'].map((requestId) => ({ organizationId: 'nodes', requestId })));
    const { data } = await app.graphql<{ requestLogs: { nodes: { id: string }[] } }>(
      own,
      '{ requestLogs { nodes { id } } }',
    );
    const found = data.requestLogs.nodes.map(({ id }) => id);
    const query = 'query ($ids: [ID!]!) { nodes(ids: $ids) { id } }';
    calls.length = 0;
    const mine = await app.graphql(own, query, { ids: [found[2], found[0], found[2]] });
    expect(mine.data).toEqual({ nodes: [{ id: found[2] }, { id: found[0] }, { id: found[2] }] });
    expect(calls.filter((name) => name === 'findByIds')).toHaveLength(1);
    const theirs = await app.graphql(other, query, { ids: found });
    expect(theirs).toMatchObject({ status: 200, data: { nodes: [null, null, null] } });
    expect(theirs.errors).toBeUndefined();
  });

  describe('filters', () => {
    let own: string;
    beforeAll(async () => {
      own = await app.key('filters');
      const organizationId = 'filters';
      await app.insert(
        { organizationId, requestId: 'AbC', method: 'GET', path: '/v1/a%b', statusCode: 200, durationMs: 5 },
        {
          organizationId,
          requestId: 'x_y',
          method: 'POST',
          path: '/v1/A_b/Élan',
          statusCode: 404,
          errorType: 'not_found',
        },
        {
          organizationId,
          requestId: 'zzz',
          method: 'GET',
          path: '/v1/aXb',
          statusCode: 503,
          durationMs: null,
        },
      );
    });
    const cases: readonly [string, string[]][] = [
      ['{}', ['AbC', 'x_y', 'zzz']],
      ['{ method: { eq: "get" } }', ['AbC', 'zzz']],
      ['{ method: { in: ["post", "PUT"] } }', ['x_y']],
      ['{ path: { contains: "A%B" } }', ['AbC']],
      ['{ path: { contains: "a_b" } }', ['x_y']],
      ['{ path: { startsWith: "/V1/a" } }', ['AbC', 'x_y', 'zzz']],
      ['{ requestId: { eq: "req_AbC" } }', ['AbC']],
      ['{ requestId: { eq: "AbC" } }', ['AbC']],
      ['{ requestId: { contains: "Q_ab" } }', ['AbC']],
      ['{ requestId: { startsWith: "req_x" } }', ['x_y']],
      ['{ requestId: { startsWith: "re" } }', ['AbC', 'x_y', 'zzz']],
      ['{ search: "req_z" }', ['zzz']],
      ['{ search: "axb" }', ['zzz']],
      ['{ search: "/élan" }', ['x_y']],
      ['{ outcome: SUCCESS }', ['AbC']],
      ['{ outcome: SERVER_ERROR }', ['zzz']],
      ['{ errorType: { eq: null } }', ['AbC', 'zzz']],
      ['{ errorType: { ne: null } }', ['x_y']],
      ['{ errorType: { ne: "not_found" } }', ['AbC', 'zzz']],
      ['{ durationMs: { lt: 6 } }', ['AbC']],
      ['{ durationMs: { in: [null, 5] } }', ['AbC', 'zzz']],
      ['{ not: { durationMs: { gt: 6 } } }', ['AbC', 'zzz']],
      ['{ statusCode: { gte: 404, lt: 503 } }', ['x_y']],
      ['{ statusCode: { in: [] } }', []],
      ['{ statusCode: { notIn: [] } }', ['AbC', 'x_y', 'zzz']],
      ['{ statusCode: { eq: 200, ne: 200 } }', []],
      ['{ or: [] }', []],
      ['{ and: [] }', ['AbC', 'x_y', 'zzz']],
      ['{ or: [{ statusCode: { eq: 200 } }, { method: { eq: "POST" } }], method: { ne: "GET" } }', ['x_y']],
      ['{ not: {} }', []],
      [
        '{ createdAt: { gte: "2026-04-18T11:59:59Z", lte: "2026-04-18T13:59:59+02:00" } }',
        ['AbC', 'x_y', 'zzz'],
      ],
      ['{ createdAt: { gt: "2026-04-18T11:59:59Z" } }', []],
    ];
    it.each(cases)('%s', async (filter, expected) => {
      const { data, errors } = await app.graphql<Page>(
        own,
        `{ requestLogs(filter: ${filter}) { edges { node { requestId } } } }`,
      );
      expect(errors).toBeUndefined();
      expect(ids(data.requestLogs).sort()).toEqual(expected.map((id) => `req_${id}`));
    });
  });

  describe('rejects, with the accepted values,', () => {
    const logs = (args: string) => `{ requestLogs(${args}) { edges { cursor } } }`;
    const bad: readonly [string, string][] = [
      ['first: 0', 'first must be 1 to 100, not 0.'],
      ['first: 101', 'first must be 1 to 100, not 101.'],
      ['first: -1', 'first must be 1 to 100, not -1.'],
      ['last: 0', 'last must be 1 to 100, not 0.'],
      ['last: 101', 'last must be 1 to 100, not 101.'],
      [
        'first: 1, last: 1',
        'first and last cannot be used together: use first with after, or last with before.',
      ],
      ['after: "nonsense"', 'The cursor is malformed: pass a cursor from this server'],
      ['before: ""', 'The cursor is malformed'],
      ['filter: { statusCode: null }', 'filter.statusCode must not be null'],
      ['filter: { statusCode: { gt: null } }', 'filter.statusCode.gt must not be null'],
      ['filter: { path: { contains: null } }', 'filter.path.contains must not be null'],
      [`filter: { statusCode: { in: [${'1,'.repeat(101)}] } }`, 'has 101 values; at most 100 are accepted'],
      [`filter: { search: "${'x'.repeat(1025)}" }`, 'has 1025 characters; at most 1024 are accepted'],
      [`filter: ${'{ not: '.repeat(10)}{}${' }'.repeat(10)}`, 'nested more than 10 levels deep'],
      [`filter: { or: [${'{ search: "x" }'.repeat(101)}] }`, 'more than 100 conditions'],
      ['filter: { statusCode: { eq: "200" } }', 'Int cannot represent non-integer value'],
      ['filter: { nonsense: { eq: 1 } }', 'nonsense'],
      [
        'filter: { createdAt: { gt: "yesterday" } }',
        'DateTime cannot represent "yesterday": send an RFC 3339',
      ],
      ['filter: { createdAt: { gt: 1767225600000 } }', 'DateTime cannot represent 1767225600000: send an'],
      ['filter: { requestBytes: { gt: 1.5 } }', 'SafeInt cannot represent 1.5: it must be an integer'],
      ['sort: { field: PATH, direction: ASC }', 'does not exist in "RequestLogSortField"'],
    ];
    it.each(bad)('%s', async (args, message) => {
      const answer = await refused(logs(args));
      expect(answer.code).toMatch(/^(BAD_USER_INPUT|GRAPHQL_VALIDATION_FAILED)$/);
      expect(answer.message).toContain(message);
    });

    it('an invalid variable', async () => {
      const answer = await refused('query ($f: Int) { requestLogs(first: $f) { edges { cursor } } }', {
        f: 'x',
      });
      expect(answer).toMatchObject({ code: 'BAD_USER_INPUT' });
      const time = await refused(PAGE, { filter: { createdAt: { gt: 'yesterday' } } });
      expect(time).toMatchObject({ code: 'BAD_USER_INPUT' });
    });

    it.each(['', 'x', 'UmVxdWVzdExvZzo', 'Vmlld2VyOjE', 'UmVxdWVzdExvZzoxMjM='])(
      'a malformed id %j',
      async (id) => {
        const answer = await refused('query ($id: ID!) { node(id: $id) { id } }', { id });
        expect(answer).toMatchObject({ code: 'BAD_USER_INPUT' });
        expect(answer.message).toContain('The id is malformed');
      },
    );

    it('more than 100 ids', async () => {
      const id = 'UmVxdWVzdExvZzowMWEyMDNhYy05ZjRkLTcyZGUtOGQxMy1hM2JjY2ZhMWM1YjQ';
      const query = 'query ($ids: [ID!]!) { nodes(ids: $ids) { id } }';
      expect((await app.graphql(key, query, { ids: Array(100).fill(id) })).errors).toBeUndefined();
      const answer = await refused(query, { ids: Array(101).fill(id) });
      expect(answer).toMatchObject({
        code: 'BAD_USER_INPUT',
        message: 'ids has 101 entries; at most 100 are accepted.',
      });
    });

    it('a cursor of another sort, filter or organization', async () => {
      await app.insert(
        { requestId: 'cur1', organizationId: 'acme' },
        { requestId: 'cur2', organizationId: 'acme' },
      );
      const { endCursor } = (await page({ first: 1 })).pageInfo;
      const message = expect.stringContaining('The cursor was issued for another sort or filter');
      const code = 'BAD_USER_INPUT';
      expect(await refused(PAGE, { after: endCursor, filter: { method: { eq: 'GET' } } })).toMatchObject({
        code,
        message,
      });
      const sort = { field: 'DURATION_MS', direction: 'DESC' };
      expect(await refused(PAGE, { after: endCursor, sort })).toMatchObject({ code, message });
      const other = await app.key('cursor-other');
      expect(await refused(PAGE, { after: endCursor }, other)).toMatchObject({ code, message });
      const cut = endCursor!.slice(0, -1);
      expect((await refused(PAGE, { after: cut })).message).toContain('The cursor is malformed');
    });
  });

  it('accepts a cursor with the same filter in another form', async () => {
    await app.insert(
      { requestId: 'form1', organizationId: 'acme', statusCode: 404 },
      { requestId: 'form2', organizationId: 'acme', statusCode: 404 },
    );
    const forms: readonly (readonly object[])[] = [
      [
        { method: { in: ['get', 'PUT'] }, outcome: 'CLIENT_ERROR' },
        { outcome: 'CLIENT_ERROR', method: { in: ['PUT', 'GET', 'PUT'] } },
        {
          and: [
            { statusCode: { gt: 399, lt: 500 } },
            { or: [{ method: { eq: 'put' } }, { method: { eq: 'GET' } }] },
          ],
        },
        { not: { or: [{ method: { notIn: ['GET', 'PUT'] } }, { not: { outcome: 'CLIENT_ERROR' } }] } },
      ],
      [
        { requestId: { ne: 'req_x' }, search: 'FORM' },
        { search: 'form', not: { requestId: { eq: 'x' } } },
      ],
      [{}, { and: [] }, { not: { or: [] } }],
    ];
    for (const same of forms) {
      const { endCursor } = (await page({ first: 1, filter: same[0] })).pageInfo;
      expect(endCursor).not.toBeNull();
      const pages = await Promise.all(same.map((filter) => page({ first: 1, after: endCursor, filter })));
      for (const one of pages) expect(one.edges).toEqual(pages[0]!.edges);
    }
    const { endCursor } = (await page({ first: 1 })).pageInfo;
    const sort = { field: 'CREATED_AT', direction: 'DESC' };
    expect(await page({ first: 1, after: endCursor, filter: {}, sort })).toEqual(
      await page({ first: 1, after: endCursor }),
    );
  });

  describe('keys', () => {
    const post = (headers: Record<string, string>, query = '{ requestLogs { totalCount } }') =>
      app.request('/graphql', {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...headers },
        body: JSON.stringify({ query }),
      });

    it('are accepted as a bearer token or as X-API-Key', async () => {
      expect((await post({ authorization: `Bearer ${key}` })).status).toBe(200);
      expect((await post({ 'x-api-key': key })).status).toBe(200);
    });

    it.each([
      ['missing', {}],
      ['malformed', { 'x-api-key': 'nonsense' }],
      ['not a bearer token', { authorization: 'Basic abc' }],
      ['unknown', { 'x-api-key': `rlk_${'A'.repeat(43)}` }],
    ])('%s: 401 in the GraphQL error format', async (_name, headers) => {
      const response = await post(headers as Record<string, string>);
      expect(response.status).toBe(401);
      expect(await response.json()).toEqual({
        errors: [{ message: expect.any(String), extensions: { code: 'UNAUTHENTICATED' } }],
      });
    });

    it('revoked: 401 at once', async () => {
      const revoked = await app.key('acme');
      expect((await post({ 'x-api-key': revoked })).status).toBe(200);
      await app.revoke(revoked);
      expect((await post({ 'x-api-key': revoked })).status).toBe(401);
    });

    it.each([
      '{ requestLogs { totalCount } }',
      '{ requestLog(requestId: "x") { id } }',
      '{ node(id: "UmVxdWVzdExvZzowMWEyMDNhYy05ZjRkLTcyZGUtOGQxMy1hM2JjY2ZhMWM1YjQ") { id } }',
    ])('without logs:read: 403 for %s', async (query) => {
      const weak = await app.key('acme', ['billing:read']);
      const response = await post({ 'x-api-key': weak }, query);
      expect(response.status).toBe(403);
      expect(await response.json()).toMatchObject({ errors: [{ extensions: { code: 'FORBIDDEN' } }] });
    });
  });

  it('shows only logs within the retention of the plan, to the millisecond', async () => {
    const own = await app.key('window', ['logs:read'], 'free');
    const visibleFrom = TEST_NOW - 7 * DAY_MS;
    await app.insert(
      { organizationId: 'window', requestId: 'in', createdAt: visibleFrom },
      { organizationId: 'window', requestId: 'out', createdAt: visibleFrom - 1 },
    );
    const { data } = await app.graphql(
      own,
      '{ requestLogs { totalCount nodes { requestId } } in: requestLog(requestId: "in") { requestId } out: requestLog(requestId: "out") { requestId } }',
    );
    expect(data).toEqual({
      requestLogs: { totalCount: 1, nodes: [{ requestId: 'req_in' }] },
      in: { requestId: 'req_in' },
      out: null,
    });
  });

  it('applies a change of plan at once', async () => {
    const own = await app.key('changing', ['logs:read'], 'free');
    await app.insert({ organizationId: 'changing', requestId: 'old', createdAt: TEST_NOW - 8 * DAY_MS });
    const count = async () =>
      (await app.graphql<Page>(own, '{ requestLogs { totalCount } }')).data.requestLogs.totalCount;
    const counts = [await count()];
    for (const plan of ['pro', 'free']) {
      await app.store.setPlan('changing', plan);
      counts.push(await count());
    }
    expect(counts).toEqual([0, 1, 0]);
  });

  it('serves GraphiQL to a browser without a key, and loads nothing from other hosts', async () => {
    const response = await app.request('/graphql', { headers: { accept: 'text/html' } });
    expect(response.headers.get('content-type')).toContain('text/html');
    expect(await response.text()).not.toMatch(/<(script|link)[^>]+(src|href)="https?:/);
  });

  it.each(['variables={', 'extensions={', 'variables=%5B', 'extensions=x'])(
    'says which parameter of a GET is not JSON: %s',
    async (parameter) => {
      const response = await app.request(`/graphql?query={__typename}&${parameter}`, {
        headers: { 'x-api-key': key },
      });
      expect([response.status, await response.json()]).toMatchObject([
        400,
        { errors: [{ message: `The parameter ${parameter.split('=')[0]} is not JSON.` }] },
      ]);
    },
  );

  it('takes an empty operation name for none', async () => {
    const query = '{ viewer { plan } }';
    const expected = { data: { viewer: { plan: 'archive' } } };
    for (let i = 0; i < 3; i++)
      expect(await (await app.post(key, { query, operationName: '' })).json()).toEqual(expected);
    const search = new URLSearchParams({ query, operationName: '' });
    const got = await app.request(`/graphql?${search}`, { headers: { 'x-api-key': key } });
    expect(await got.json()).toEqual(expected);
  });
});
