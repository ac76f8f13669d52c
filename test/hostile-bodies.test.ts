import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { MAX_NESTING } from '../src/lib/json-depth.ts';
import { type TestApp, testApp } from './support/app.ts';

const FILTERED = 'query Q($filter: RequestLogFilter) { requestLogs(filter: $filter) { nodes { id } } }';
const LIMIT = 262_144;

describe('hostile GraphQL requests', () => {
  let app: TestApp;
  let key: string;
  beforeAll(async () => {
    app = await testApp();
    key = await app.key('acme');
  });
  afterAll(() => app.close());

  const send = async (body: BodyInit | null, headers: Record<string, string> = {}, method = 'POST') => {
    const response = await app.request('/graphql', {
      method,
      body,
      headers: { 'x-api-key': key, 'content-type': 'application/json', ...headers },
    });
    const text = await response.text();
    return { status: response.status, type: response.headers.get('content-type'), text, ...JSON.parse(text) };
  };
  const expectRejected = (
    answer: Awaited<ReturnType<typeof send>>,
    status: number,
    code = 'BAD_USER_INPUT',
  ) => {
    expect(answer).toMatchObject({
      status,
      type: expect.stringContaining('json'),
      errors: [{ message: expect.any(String), extensions: { code } }],
    });
    expect(answer.text).not.toMatch(/stack|node_modules|\.ts:/);
  };
  const sendQuery = (query: string, variables?: object) => send(JSON.stringify({ query, variables }));
  /** Sends a query whose variable `filter` has this JSON text as its value. */
  const sendFilter = (json: string) =>
    send(`{"query":${JSON.stringify(FILTERED)},"variables":{"filter":${json}}}`);
  const nested = (open: string, close: string, levels: number, inner = '') =>
    open.repeat(levels) + inner + close.repeat(levels);

  it.each([
    ['fields', nested('{a', '}', 40_000)],
    ['unclosed fields', '{a'.repeat(40_000)],
    ['lists', `{ requestLogs(filter: { and: ${nested('[', ']', 60_000)} }) { totalCount } }`],
    ['objects', `{ requestLogs(filter: ${nested('{not:', '}', 30_000, '{}')}) { totalCount } }`],
    ['inline fragments', nested('{...', '}', 30_000, '{a}')],
    ['types', `query Q($a: ${nested('[', ']', 60_000, 'Int')}) { viewer { plan } }`],
  ])('rejects an operation of nested %s', async (_name, query) => {
    expectRejected(await sendQuery(query), 400);
  });

  it.each([
    ['lists', nested('[', ']', 60_000)],
    ['filters', nested('{"not":', '}', 20_000, '{}')],
    ['lists of filters', nested('{"and":[', ']}', 20_000, '{}')],
    ['unclosed lists', '['.repeat(60_000)],
  ])('rejects a variable of nested %s', async (_name, json) => {
    expectRejected(await sendFilter(json), 400);
  });

  it(`accepts ${MAX_NESTING} nesting levels and not one more; brackets in strings do not count`, async () => {
    const brackets = (levels: number) =>
      `query { viewer { plan } } # ${'{'.repeat(1000)}\n{${'('.repeat(levels - 1)}`;
    expect((await sendQuery(brackets(MAX_NESTING))).text).toContain('Syntax Error');
    expect((await sendQuery(brackets(MAX_NESTING + 1))).text).toContain('more than 100 levels');
    const text = `\\"{[(`.repeat(200);
    expect(
      await sendQuery(`{ requestLogs(filter: { path: { eq: "${text}" } }) { totalCount } }`),
    ).toMatchObject({
      data: { requestLogs: { totalCount: 0 } },
    });
  });

  it.each([900, 6_000])('rejects a chain of %i fragments quickly', async (length) => {
    const chain = Array.from({ length }, (_, i) => `fragment f${i} on Query{...f${i + 1}}`);
    const start = performance.now();
    const { status, errors } = await sendQuery(`{...f0} ${chain.join(' ')}`);
    expect(status).toBeLessThan(500);
    expect(errors[0].extensions.code).toBe('BAD_USER_INPUT');
    expect(performance.now() - start).toBeLessThan(2_000);
  });

  it.each([
    ['escaped quotes', `"${'\\"'.repeat(40_000)}`],
    ['block quotes', `"""${'\\"""'.repeat(20_000)}`],
    ['quotes', '"'.repeat(60_001)],
    ['backslashes', `"${'\\'.repeat(60_000)}`],
  ])('rejects an unterminated string of %s quickly', async (_name, query) => {
    const start = performance.now();
    expect((await sendQuery(query)).errors[0].extensions.code).toBe('BAD_USER_INPUT');
    expectRejected(await send(`{"query":${query}`), 400);
    expect(performance.now() - start).toBeLessThan(1_000);
  });

  it('counts brackets again after a block string that contains quotes', async () => {
    const block = `"""${'{'.repeat(200)}\\"""${'{'.repeat(200)}" """`;
    const query = `{ requestLogs(filter: { path: { eq: ${block} } }) { totalCount } }`;
    expect(await sendQuery(query)).toMatchObject({ data: { requestLogs: { totalCount: 0 } } });
    expect((await sendQuery(`${query} ${'{a'.repeat(200)}`)).text).toContain('more than 100 levels');
  });

  it.each([
    '{"__proto__":{"path":{"eq":"/"}}}',
    '{"constructor":{"prototype":{}}}',
    '{"toString":1}',
    '{"path":{"__proto__":"x"}}',
    '{"hasOwnProperty":null}',
  ])('treats a prototype key as an unknown field: %s', async (json) => {
    expectRejected(await sendFilter(json), 200);
    expect(Reflect.get({}, 'path')).toBeUndefined();
  });

  it('ignores variables that are named like prototype members', async () => {
    const query = JSON.stringify(FILTERED);
    const { status, data } = await send(
      `{"query":${query},"variables":{"__proto__":{"filter":{"nonsense":1}}}}`,
    );
    expect([status, data ?? null]).toEqual([200, { requestLogs: { nodes: [] } }]);
  });

  const valid = '{"query":"{ viewer { plan } }"}';
  it.each([
    ['malformed UTF-8', new Uint8Array([0x7b, 0x22, 0xff, 0x22, 0x7d]), {}, 400, 'BAD_USER_INPUT'],
    ['not JSON', '{', {}, 400, 'BAD_USER_INPUT'],
    ['empty', '', {}, 400, 'BAD_USER_INPUT'],
    ['a number', '7', {}, 400, 'BAD_USER_INPUT'],
    ['a batch', `[${valid}]`, {}, 400, 'BAD_USER_INPUT'],
    [
      'a form',
      'query={viewer{plan}}',
      { 'content-type': 'application/x-www-form-urlencoded' },
      415,
      'UNSUPPORTED_MEDIA_TYPE',
    ],
    [
      'gzip',
      gzipSync(Buffer.alloc(100_000_000)),
      { 'content-encoding': 'gzip' },
      415,
      'UNSUPPORTED_MEDIA_TYPE',
    ],
    ['one byte over the limit', valid + ' '.repeat(LIMIT + 1 - valid.length), {}, 413, 'PAYLOAD_TOO_LARGE'],
    ['10 MB', valid + ' '.repeat(10_000_000), {}, 413, 'PAYLOAD_TOO_LARGE'],
    ['sent with Accept: image/png', valid, { accept: 'image/png' }, 406, 'BAD_USER_INPUT'],
  ] as const)('rejects a body that is %s', async (_name, body, headers, status, code) => {
    expectRejected(await send(body, headers), status, code);
  });

  it.each(['PUT', 'DELETE', 'PATCH'])('rejects %s', async (method) => {
    expectRejected(await send(null, {}, method), 405, 'METHOD_NOT_ALLOWED');
  });

  it('accepts a body at the limit', async () => {
    expect((await send(valid + ' '.repeat(LIMIT - valid.length))).status).toBe(200);
  });

  it('rejects deep nesting in a URL as well', async () => {
    for (const name of ['query', 'variables']) {
      const url = `/graphql?query={viewer{plan}}&${name}=${'{a'.repeat(5_000)}`;
      const response = await app.request(name === 'query' ? url.replace('query={viewer{plan}}&', '') : url, {
        headers: { 'x-api-key': key },
      });
      expect(response.status).toBe(400);
    }
  });
});
