import { isDeepStrictEqual } from 'node:util';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { IngestResult } from '../src/ingest/ingest-batch.ts';
import { DAY_MS } from '../src/lib/time-units.ts';
import { TEST_NOW, type TestApp, testApp } from './support/app.ts';

const PATH = '/ingest/v1/request-logs';
const log = (requestId: string | null, more: object = {}) => ({
  requestId,
  createdAt: new Date(TEST_NOW - 60_000).toISOString(),
  method: 'get',
  path: '/v1/things',
  statusCode: 200,
  ...more,
});

describe('ingest', () => {
  let app: TestApp;
  let key: string;
  beforeAll(async () => {
    app = await testApp({
      RELAYLOG_INGEST_MAX_BYTES: '20000',
      RELAYLOG_INGEST_MAX_LOGS: '50',
      RELAYLOG_REDACT_NAMES: 'X-Tenant-Secret',
    });
    key = await app.key('acme');
  });
  afterAll(() => app.close());

  const post = async (body: BodyInit, headers: Record<string, string> = {}, token = key) => {
    const response = await app.request(PATH, {
      method: 'POST',
      body,
      headers: { 'x-api-key': token, 'content-type': 'application/json', ...headers },
    });
    return {
      status: response.status,
      body: (await response.json()) as IngestResult & { error?: { code: string; message: string } },
    };
  };
  const send = (logs: unknown[], token = key) => post(JSON.stringify(logs), {}, token);
  const show = async (requestId: string, fields: string) => {
    const { data } = await app.graphql<{ requestLog: Record<string, unknown> }>(
      key,
      `{ requestLog(requestId: ${JSON.stringify(requestId)}) { ${fields} } }`,
    );
    return data.requestLog;
  };

  it('stores a JSON array, and stores a log once if it is sent again', async () => {
    expect(await send([log('a'), log('req_b')])).toEqual({
      status: 200,
      body: { received: 2, stored: 2, duplicates: 0, rejected: [] },
    });
    expect((await send([log('a'), log('b'), log('c'), log('c')])).body).toMatchObject({
      stored: 1,
      duplicates: 3,
    });
    expect(await show('b', 'requestId method durationMs')).toEqual({
      requestId: 'req_b',
      method: 'GET',
      durationMs: null,
    });
  });

  it('stores NDJSON, plain and gzip', async () => {
    const lines = `${JSON.stringify(log('n1'))}\n\n${JSON.stringify(log('n2'))}\r\n{bad`;
    const type = { 'content-type': 'application/x-ndjson; charset=utf-8' };
    expect((await post(lines, type)).body).toEqual({
      received: 3,
      stored: 2,
      duplicates: 0,
      rejected: [{ index: 2, reason: 'not JSON' }],
    });
    const compressed = gzipSync(lines);
    expect((await post(compressed, { ...type, 'content-encoding': 'gzip' })).body).toMatchObject({
      stored: 0,
      duplicates: 2,
    });
  });

  it('answers each of many concurrent batches independently of the others', async () => {
    const own = await app.key('crowd');
    const batchOf = (n: number) => Array.from({ length: 20 }, (_, i) => log(`${n}-${i}`));
    const good = [0, 1, 2, 3, 4, 5].map((n) => send(batchOf(n), own));
    const bad = [
      post('[{"half":', {}, own),
      send(
        Array.from({ length: 51 }, (_, i) => log(`many${i}`)),
        own,
      ),
      send([log('x', { statusCode: 0 })], own),
    ];
    const mixed = send([log('7-0'), log('x', { method: 'G T' }), log('7-0')], own);
    const again = [0, 1, 2].map((n) => send(batchOf(n), own));
    const stored = { status: 200, body: { received: 20, stored: 20, duplicates: 0, rejected: [] } };
    const duplicate = { status: 200, body: { received: 20, stored: 0, duplicates: 20, rejected: [] } };
    const firsts = await Promise.all(good);
    const seconds = await Promise.all(again);
    expect(firsts.slice(3)).toEqual([stored, stored, stored]);
    // Of two concurrent requests with the same batch, either may come first.
    for (const [n, second] of seconds.entries()) {
      const isFirst = isDeepStrictEqual(firsts[n], stored);
      expect([firsts[n], second]).toEqual(isFirst ? [stored, duplicate] : [duplicate, stored]);
    }
    expect((await Promise.all(bad)).map(({ status }) => status)).toEqual([400, 413, 400]);
    expect((await mixed).body).toMatchObject({
      received: 3,
      stored: 1,
      duplicates: 1,
      rejected: [{ index: 1 }],
    });
    const { data } = await app.graphql<{ requestLogs: { totalCount: number } }>(
      own,
      '{ requestLogs { totalCount } }',
    );
    expect(data.requestLogs.totalCount).toBe(121);
  });

  it('derives a stable request id for a log without one; stores two equal logs of a batch as two logs', async () => {
    const own = await app.key('anonymous');
    const batch = [log(null), log(null), log(null, { path: '/other' })];
    expect((await send(batch, own)).body).toMatchObject({ stored: 3, duplicates: 0 });
    expect((await send(batch, own)).body).toMatchObject({ stored: 0, duplicates: 3 });
  });

  it('stores the valid logs and reports each invalid one with the reason', async () => {
    const bad: [object | null | number, string][] = [
      [log('x', { statusCode: 99 }), 'statusCode must be 100 to 599'],
      [log('x', { statusCode: 600 }), 'statusCode must be 100 to 599'],
      [log('x', { method: 'G T' }), 'method must be an HTTP method'],
      [log('x', { durationMs: -1 }), 'durationMs must be 0 or more'],
      [log('x', { durationMs: 1.5 }), 'durationMs must be an integer'],
      [log('x', { path: '' }), 'path must not be empty'],
      [log('x', { path: `/${'x'.repeat(8192)}` }), 'path must be at most 8192 characters'],
      [log('x', { path: 'a\0b' }), 'path must be well-formed text without NUL'],
      [log('x', { userAgent: '\ud800' }), 'userAgent must be well-formed text'],
      [log('x', { createdAt: 'yesterday' }), 'createdAt must be an RFC 3339 date-time or Unix milliseconds'],
      [log('x', { createdAt: TEST_NOW + 86_400_001 }), 'createdAt is more than 24 hours in the future'],
      [log('x', { traceId: 'XYZ' }), 'traceId must be 32 hexadecimal digits'],
      [
        log('x', { requestHeaders: [['a', 'b']] }),
        'requestHeaders must be an object of at most 1000 header names and values',
      ],
      [log('x', { color: 'red' }), 'unknown field "color"; known fields: createdAt, requestId'],
      [log('req_'), 'requestId must contain more than its prefix'],
      [{ createdAt: 0 }, 'method is required; path is required; statusCode is required'],
      [null, 'must be a JSON object'],
      [7, 'must be a JSON object'],
    ];
    const own = await app.key('strict');
    for (let i = 0; i < bad.length; i += 5) {
      const part = bad.slice(i, i + 5);
      const { status, body } = await send([...part.map(([one]) => one), log(`good${i}`)], own);
      expect(status).toBe(200);
      expect(body).toMatchObject({ received: part.length + 1, stored: 1 });
      expect(body.rejected).toEqual(
        part.map(([, reason], index) => ({ index, reason: expect.stringContaining(reason) })),
      );
    }
  });

  it('gives a short reason, regardless of the number of errors', async () => {
    const many = (value: unknown) =>
      Object.fromEntries(Array.from({ length: 1_100 }, (_, i) => [`h${i}`, value]));
    for (const one of [{ requestHeaders: many(1) }, many(1), { requestHeaders: many('x') }]) {
      const { body } = await send([log('many', one)]);
      expect(body.rejected).toHaveLength(1);
      expect(body.rejected[0]!.reason.length).toBeLessThan(600);
    }
  });

  it('stores a log whose body is deeply nested JSON text, and the other logs of the batch', async () => {
    const own = await app.key('nested');
    expect(
      (await send([log('good'), log('deep', { requestBody: '['.repeat(6000) + ']'.repeat(6000) })], own))
        .body,
    ).toMatchObject({ stored: 2 });
  });

  it('answers 400 if no log could be stored', async () => {
    expect(await send([log('x', { statusCode: 0 })])).toMatchObject({ status: 400, body: { stored: 0 } });
  });

  it('accepts a log at each limit', async () => {
    const atLimit = log('limit', {
      createdAt: TEST_NOW + DAY_MS,
      path: `/${'x'.repeat(8191)}`,
      statusCode: 599,
    });
    expect((await send([atLimit, log('low', { statusCode: 100, createdAt: 0 })])).body).toMatchObject({
      stored: 2,
    });
  });

  it('redacts headers, query strings and bodies before it stores them, with an extensible list of names', async () => {
    await send([
      log('secret', {
        path: '/v1/login?user=ada&token=S3CRET&pass%77ord=S3CRET#access_token=S3CRET',
        requestHeaders: {
          Authorization: 'Bearer S3CRET',
          cookie: ['a=S3CRET'],
          'x-tenant-secret': 'S3CRET',
          referer: 'https://u:S3CRET@host/?api_key=S3CRET&page=2',
          accept: '*/*',
        },
        requestBody: {
          user: 'ada',
          passWord: 'S3CRET',
          deep: [{ client_secret: { a: 'S3CRET' } }],
          form: 'a=1&token=S3CRET',
        },
        responseHeaders: { 'Set-Cookie': 'S3CRET' },
        responseBody: '{"access_token":"S3CRET","kind":"bearer"}',
      }),
    ]);
    const shown = await show('secret', 'path requestHeaders requestBody responseHeaders responseBody');
    expect(JSON.stringify(shown)).not.toContain('S3CRET');
    expect(shown).toMatchObject({
      path: '/v1/login?user=ada&token=[REDACTED]&pass%77ord=[REDACTED]#access_token=[REDACTED]',
      requestHeaders: { accept: '*/*', referer: 'https://[REDACTED]@host/?api_key=[REDACTED]&page=2' },
      requestBody: { user: 'ada', deep: [{ client_secret: '[REDACTED]' }], form: 'a=1&token=[REDACTED]' },
    });
  });

  it('rejects a log whose request id contains a secret, and never alters an id', async () => {
    const ids = [
      'auth:S3CRET',
      'a?token=S3CRET',
      '{"password":"S3CRET"}',
      `ghp_${'a1'.repeat(18)}`,
      'x//u:S3CRET@h',
    ];
    const { body } = await send([...ids.map((id) => log(id)), log('4111111111111111')]);
    expect(body).toMatchObject({ received: 6, stored: 1 });
    for (const { reason } of body.rejected) {
      expect(reason).toMatch(/^requestId contains a secret name with a value, .*; send an id without one$/);
    }
    expect(await show('4111111111111111', 'requestId')).toEqual({ requestId: 'req_4111111111111111' });
  });

  it('omits a body in an unknown form, or stores it as text if configured', async () => {
    const unknown = log('unknown', {
      requestBody: 'PK S3CRET',
      requestHeaders: { 'Content-Type': 'application/zip' },
    });
    await send([unknown]);
    expect(await show('unknown', 'requestBody')).toEqual({
      requestBody: {
        omitted: true,
        reason: 'the body is in an unknown form',
        contentType: 'application/zip',
        originalBytes: 9,
      },
    });
    const keeping = await testApp({ RELAYLOG_UNKNOWN_BODIES: 'keep' });
    const own = await keeping.key('acme');
    await keeping.post(own, [log('kept', { requestBody: 'PK pin=S3CRET' })], {}, PATH);
    const { data } = await keeping.graphql(own, '{ requestLog(requestId: "kept") { requestBody } }');
    expect(data).toEqual({ requestLog: { requestBody: 'PK pin=[REDACTED]' } });
    await keeping.close();
  });

  it('truncates a long body and marks it as truncated', async () => {
    const small = await testApp({ RELAYLOG_MAX_RECORDED_BODY_BYTES: '100' });
    const own = await small.key('acme');
    const response = await small.request(PATH, {
      method: 'POST',
      headers: { 'x-api-key': own, 'content-type': 'application/json' },
      body: JSON.stringify([
        log('cut', {
          requestHeaders: { 'Content-Type': 'application/x-www-form-urlencoded' },
          requestBody: 'é'.repeat(51),
          responseHeaders: { 'Content-Type': 'application/x-www-form-urlencoded' },
          responseBody: 'é'.repeat(50),
        }),
      ]),
    });
    expect(response.status).toBe(200);
    const { data } = await small.graphql(
      own,
      '{ requestLog(requestId: "cut") { requestBody responseBody } }',
    );
    expect(data).toEqual({
      requestLog: {
        requestBody: { truncated: true, originalBytes: 102, beginning: 'é'.repeat(50) },
        responseBody: 'é'.repeat(50),
      },
    });
    await small.close();
  });

  const padded = (bytes: number) => {
    const json = JSON.stringify([log('pad')]);
    return json + ' '.repeat(bytes - json.length);
  };
  it('accepts a body at the limit and not one byte more, compressed or not', async () => {
    expect((await post(padded(20_000))).status).toBe(200);
    expect(await post(padded(20_001))).toMatchObject({
      status: 413,
      body: { error: { code: 'PAYLOAD_TOO_LARGE' } },
    });
    const gzip = { 'content-encoding': 'gzip' };
    expect((await post(gzipSync(padded(20_000)), gzip)).status).toBe(200);
    expect((await post(gzipSync(padded(20_001)), gzip)).status).toBe(413);
    expect((await post(gzipSync(Buffer.alloc(50_000_000)), gzip)).status).toBe(413);
  });

  it('accepts 50 logs if that is the limit, and rejects 51', async () => {
    const some = (count: number) => Array.from({ length: count }, (_, i) => log(`count${i}`));
    expect((await send(some(50))).status).toBe(200);
    expect((await send(some(51))).body.error?.message).toContain('at most 50 logs');
  });

  it.each([
    ['not JSON', '{', {}, 400, 'The body is not JSON.'],
    ['not an array', '{}', {}, 400, 'The body must be a JSON array of logs.'],
    ['empty', '', {}, 400, 'The body is empty'],
    ['not gzip', '[]', { 'content-encoding': 'gzip' }, 400, 'The body is not valid gzip'],
    ['not UTF-8', new Uint8Array([0x5b, 0x22, 0xff, 0x22, 0x5d]), {}, 400, 'not well-formed UTF-8'],
    [
      'of another type',
      '[]',
      { 'content-type': 'text/csv' },
      415,
      'Content-Type must be one of application/json',
    ],
    [
      'in another encoding',
      '[]',
      { 'content-encoding': 'br' },
      415,
      'Content-Encoding must be gzip or identity',
    ],
  ] as const)('rejects a body that is %s', async (_name, body, headers, status, message) => {
    const answer = await post(body, headers);
    expect(answer).toMatchObject({ status, body: { error: { message: expect.stringContaining(message) } } });
  });

  it('accepts an empty array', async () => {
    expect(await send([])).toEqual({
      status: 200,
      body: { received: 0, stored: 0, duplicates: 0, rejected: [] },
    });
  });

  it('accepts or rejects deeply nested bodies and prototype keys without failing', async () => {
    const deep = (levels: number) => '['.repeat(levels) + ']'.repeat(levels);
    const text = (id: string, levels: number) =>
      JSON.stringify([log(id, { requestBody: 0 })]).replace(
        '"requestBody":0',
        `"requestBody":${deep(levels)}`,
      );
    expect((await post(text('deep1', 100))).body).toMatchObject({ stored: 1 });
    expect((await post(text('deep2', 101))).body.rejected[0]!.reason).toContain('at most 100 levels deep');
    expect((await post(text('deep3', 9_000))).body.rejected).toHaveLength(1);
    const proto = JSON.stringify([log('proto', { requestBody: 0 })]).replace(
      '"requestBody":0',
      '"requestBody":{"__proto__":{"x":1},"constructor":2}',
    );
    expect((await post(proto)).body).toMatchObject({ stored: 1 });
    expect(await show('proto', 'requestBody')).toEqual({
      requestBody: JSON.parse('{"__proto__":{"x":1},"constructor":2}'),
    });
    expect(
      (await post(JSON.stringify([log('p2')]).replace('"path"', '"__proto__":1,"path"'))).body.rejected,
    ).toHaveLength(1);
  });

  it('requires a key with logs:write', async () => {
    expect(await post('[]', {}, 'nonsense')).toMatchObject({
      status: 401,
      body: { error: { code: 'UNAUTHENTICATED' } },
    });
    const weak = await app.key('acme', ['logs:read', 'billing:read']);
    expect(await post('[]', {}, weak)).toMatchObject({ status: 403, body: { error: { code: 'FORBIDDEN' } } });
  });

  it('answers 503 if the store is full, and keeps what it acknowledged', async () => {
    const full = await testApp();
    const own = await full.key('acme');
    await full.close();
    const small = await testApp({
      RELAYLOG_STORE_URL: `${full.config.RELAYLOG_STORE_URL}?max_page_count=60`,
    });
    const again = await small.key('acme');
    expect(again).not.toBe(own);
    let acknowledged = 0;
    let rejected: Response | undefined;
    for (let i = 0; i < 50 && rejected === undefined; i++) {
      const batch = Array.from({ length: 40 }, (_, j) =>
        log(`full${i}-${j}`, { requestBody: { note: 'x'.repeat(3000) } }),
      );
      const response = await small.post(again, batch, {}, PATH);
      if (response.status === 200) acknowledged += 40;
      else rejected = response;
    }
    expect(rejected?.status).toBe(503);
    expect(rejected?.headers.get('retry-after')).toBe('5');
    expect(await rejected?.json()).toEqual({
      error: { code: 'UNAVAILABLE', message: 'The log store is unavailable: the disk is full.' },
    });
    const { data } = await small.graphql<{ requestLogs: { totalCount: number } }>(
      again,
      '{ requestLogs { totalCount } }',
    );
    expect(data.requestLogs.totalCount).toBe(acknowledged);
    await small.close();
  });
});
