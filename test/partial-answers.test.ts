import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { RelaylogError } from '../src/log/errors.ts';
import { type TestApp, testApp } from './support/app.ts';
import { wrapStore } from './support/wrap-store.ts';

const ACCEPTS = ['application/json', 'application/graphql-response+json'];

describe('a field that fails', () => {
  let app: TestApp;
  let key: string;
  let broken: string | null = null;
  beforeAll(async () => {
    app = await testApp({}, (store) =>
      wrapStore(store, (name) => {
        if (name === broken) throw new RelaylogError('QUERY_TIMEOUT', 'The query took too long.');
      }),
    );
    key = await app.key('acme');
    await app.insert({ organizationId: 'acme' });
  });
  afterAll(() => app.close());

  const answer = async (query: string, accept: string) => {
    const response = await app.post(key, { query }, { accept });
    return { status: response.status, ...((await response.json()) as object) };
  };

  it.each(
    ACCEPTS.flatMap((accept) => [
      {
        accept,
        failing: 'requestLogs(first: 101) { totalCount }',
        path: ['requestLogs'],
        code: 'BAD_USER_INPUT',
      },
      {
        accept,
        failing: 'requestLogs(after: "x") { totalCount }',
        path: ['requestLogs'],
        code: 'BAD_USER_INPUT',
      },
      {
        accept,
        failing: `nodes(ids: ${JSON.stringify(Array.from({ length: 101 }, () => 'x'))}) { id }`,
        path: ['nodes'],
        code: 'BAD_USER_INPUT',
      },
    ]),
  )('does not lose the viewer beside it: $accept, $failing', async ({ accept, failing, path, code }) => {
    expect(await answer(`{ ${failing} viewer { plan } }`, accept)).toEqual({
      status: 200,
      data: { [path[0]!]: null, viewer: { plan: 'archive' } },
      errors: [{ message: expect.any(String), path, locations: [expect.any(Object)], extensions: { code } }],
    });
  });

  it('loses only the count if the count takes too long', async () => {
    broken = 'count';
    const query = '{ requestLogs { totalCount totalCountApproximate nodes { method } } }';
    expect(await answer(query, ACCEPTS[0]!)).toMatchObject({
      status: 200,
      data: { requestLogs: { totalCount: null, totalCountApproximate: null, nodes: [{ method: 'GET' }] } },
      errors: [
        { path: ['requestLogs', 'totalCount'], extensions: { code: 'QUERY_TIMEOUT' } },
        { path: ['requestLogs', 'totalCountApproximate'], extensions: { code: 'QUERY_TIMEOUT' } },
      ],
    });
    broken = null;
  });

  it('decides the status only if nothing was answered beside it', async () => {
    broken = 'find';
    const failing = 'requestLogs { nodes { method } }';
    expect(await answer(`{ ${failing} }`, ACCEPTS[0]!)).toMatchObject({ status: 503 });
    expect(await answer(`{ a: ${failing} b: ${failing} }`, ACCEPTS[0]!)).toMatchObject({ status: 503 });
    expect(await answer(`{ ${failing} requestLog(requestId: "none") { id } }`, ACCEPTS[0]!)).toMatchObject({
      status: 200,
      data: { requestLogs: null, requestLog: null },
    });
    broken = 'count';
    expect(await answer('{ requestLogs { __typename totalCount } }', ACCEPTS[0]!)).toMatchObject({
      status: 503,
      data: { requestLogs: { totalCount: null } },
    });
    expect(await answer('{ requestLogs { totalCount } viewer { __typename } }', ACCEPTS[0]!)).toMatchObject({
      status: 503,
    });
    broken = null;
  });
});

describe('a document or variables that are not valid', () => {
  const LIST = 'requestLogs(first: $first, filter: $filter, sort: $sort) { totalCount }';
  const wrong: readonly [string, string, object][] = [
    ['type of a number', 'first', { first: 'a' }],
    ['number that is too large', 'first', { first: 2 ** 40 }],
    ['field of a filter', 'filter', { filter: { nonsense: 1 } }],
    ['value of an enum', 'filter', { filter: { outcome: 'NONE' } }],
    ['value of a scalar', 'filter', { filter: { createdAt: { gte: 'yesterday' } } }],
    ['missing field of an input', 'sort', { sort: {} }],
  ];
  const TYPES = { first: 'Int', filter: 'RequestLogFilter', sort: 'RequestLogSort' } as const;
  const literalOf = (value: unknown): string =>
    typeof value === 'object' && value !== null
      ? `{${Object.entries(value).map(([name, one]) => `${name}: ${literalOf(one)}`)}}`
      : value === 'NONE'
        ? value
        : JSON.stringify(value);

  it.each(
    wrong.flatMap(([what, name, variables]) => {
      const field = LIST.replace(/\w+: \$(\w+),? ?/g, (text, one) =>
        one === name ? text.replace(', ', '') : '',
      );
      const type = TYPES[name as keyof typeof TYPES];
      const value = Object.values(variables)[0];
      return [
        { what, as: 'a variable', query: `query ($${name}: ${type}) { ${field} }`, variables },
        { what, as: 'a literal', query: `{ ${field.replace(`$${name}`, literalOf(value))} }`, variables: {} },
      ];
    }),
  )('gets 200 or 400 by the Accept header: $what, as $as', async ({ query, variables }) => {
    const app = await testApp();
    const key = await app.key('acme');
    for (const [accept, status] of [
      ['application/json', 200],
      ['application/graphql-response+json', 400],
    ] as const) {
      const response = await app.post(key, { query, variables }, { accept });
      const { errors, ...rest } = (await response.json()) as { errors: { extensions: object }[] };
      expect([response.status, rest, errors[0]!.extensions]).toEqual([
        status,
        {},
        { code: 'BAD_USER_INPUT' },
      ]);
    }
    await app.close();
  });
});
