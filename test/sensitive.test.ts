import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { SCOPE_NAMES, type Scope } from '../src/access/scopes.ts';
import { sampleLog } from './store/samples.ts';
import { TEST_NOW, type TestApp, testApp } from './support/app.ts';
import { wrapStore } from './support/wrap-store.ts';

const BODY = { secret: 'of the caller' };

describe('without logs:sensitive', () => {
  let app: TestApp;
  let key: string;
  let id: string;
  const calls: string[] = [];
  beforeAll(async () => {
    app = await testApp({}, (store) => wrapStore(store, (method) => calls.push(method)));
    key = await app.key('acme', ['logs:read', 'billing:read']);
    const log = sampleLog({
      organizationId: 'acme',
      requestId: 'x',
      ipAddress: '10.0.0.9',
      userAgent: 'curl/8',
    });
    await app.store.insert([
      {
        log,
        payload: { requestHeaders: BODY, requestBody: BODY, responseHeaders: BODY, responseBody: BODY },
      },
    ]);
    id = log.id;
  });
  afterAll(() => app.close());

  const FIELDS = [
    'ipAddress',
    'userAgent',
    'requestHeaders',
    'requestBody',
    'responseHeaders',
    'responseBody',
  ];
  const nothing = Object.fromEntries(FIELDS.map((name) => [name, null]));

  it.each([
    ['requestLog', '{ requestLog(requestId: "x") { path FIELDS } }', ['requestLog']],
    ['edges', '{ requestLogs { edges { node { path FIELDS } } } }', ['requestLogs', 'edges', 0, 'node']],
    [
      'nodes',
      '{ requestLogs { nodes { path ...F } } } fragment F on RequestLog { FIELDS }',
      ['requestLogs', 'nodes', 0],
    ],
  ])(
    'GraphQL returns the log, with null and an error for each sensitive field, by %s',
    async (_name, query, path) => {
      calls.length = 0;
      const { status, data, errors } = await app.graphql(key, query.replace('FIELDS', FIELDS.join(' ')));
      const log = path.reduce<unknown>((value, step) => (value as Record<string, unknown>)[step], data);
      expect(log).toEqual({ path: '/v1/things', ...nothing });
      expect(status).toBe(200);
      expect(errors).toHaveLength(FIELDS.length);
      for (const error of errors!) {
        expect(error).toMatchObject({
          message: 'The credential lacks the scope logs:sensitive.',
          extensions: { code: 'FORBIDDEN' },
        });
        expect(error.path!.slice(0, -1)).toEqual(path);
      }
      expect(calls).not.toContain('payloads');
    },
  );

  it.each([
    '{ ipAddress: { eq: "10.0.0.9" } }',
    '{ userAgent: { startsWith: "c" } }',
    '{ not: { ipAddress: { ne: "x" } } }',
    '{ or: [{ and: [{ not: { userAgent: { eq: null } } }] }] }',
    '{ ipAddress: { in: [] } }',
  ])('rejects filters on sensitive fields: %s', async (filter) => {
    for (const selection of ['totalCount', 'nodes { path }', 'pageInfo { hasNextPage }', '__typename']) {
      calls.length = 0;
      const { status, data, errors } = await app.graphql(
        key,
        `{ requestLogs(filter: ${filter}) { ${selection} } }`,
      );
      expect([status, data, errors![0]!.extensions.code]).toEqual([403, { requestLogs: null }, 'FORBIDDEN']);
      expect(calls.filter((name) => ['find', 'count'].includes(name))).toEqual([]);
    }
  });

  it('Scrip returns the log as if no sensitive field had been recorded', async () => {
    const get = async (one: string) => {
      const response = await app.request(`/v1/logs/${id}`, { headers: { 'x-api-key': one } });
      return [response.status, await response.json()];
    };
    expect(await get(key)).toMatchObject([
      200,
      { ip_address: null, user_agent: null, request_body: {}, response_body: {}, path: '/v1/things' },
    ]);
    expect(await get(await app.key('acme', ['logs:read', 'logs:sensitive']))).toMatchObject([
      200,
      { ip_address: '10.0.0.9', user_agent: 'curl/8', request_body: BODY, response_body: BODY },
    ]);
  });
});

it('admin grants every scope', async () => {
  const app = await testApp();
  const key = await app.key('acme', ['admin']);
  await app.insert({ organizationId: 'acme', requestId: 'x', createdAt: TEST_NOW, ipAddress: '::1' });
  const { data } = await app.graphql<{ viewer: { scopes: Scope[] } }>(
    key,
    '{ viewer { scopes } requestLogs(filter: { ipAddress: { eq: "::1" } }) { nodes { ipAddress } } }',
  );
  expect(data).toEqual({
    viewer: { scopes: [...SCOPE_NAMES].sort() },
    requestLogs: { nodes: [{ ipAddress: '::1' }] },
  });
  expect(
    (await app.request('/v1/organization/logs', { headers: { authorization: `Bearer ${key}` } })).status,
  ).toBe(200);
  const ingest = await app.post(key, [], {}, '/ingest/v1/request-logs');
  expect(ingest.status).toBe(200);
  await app.close();
});
