import { Validator } from '@seriousme/openapi-schema-validator';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { scripListParameters } from '../src/rest/scrip/parameters.ts';
import { signaListParameters } from '../src/rest/signa/parameters.ts';
import { type TestApp, testApp } from './support/app.ts';

interface OpenApi extends Record<string, unknown> {
  openapi: string;
  tags: { name: string; description: string }[];
  paths: Record<
    string,
    Record<
      string,
      {
        operationId: string;
        tags: string[];
        parameters: { name: string; in: string; schema: object }[];
        responses: Record<string, { headers?: Record<string, unknown>; content: Record<string, unknown> }>;
      }
    >
  >;
}

const OWN_HEADER = /^(x-|ratelimit|retry-after$|allow$|www-authenticate$)/;

describe('/openapi.json', () => {
  let app: TestApp;
  let document: OpenApi;
  beforeAll(async () => {
    app = await testApp();
    document = (await (await app.request('/openapi.json')).json()) as OpenApi;
  });
  afterAll(() => app.close());

  it('is OpenAPI 3.1', async () => {
    expect(document.openapi).toBe('3.1.0');
    expect(await new Validator().validate(document)).toEqual({ valid: true });
  });

  it('lists the validated parameters with their bounds', () => {
    const parameters = (path: string) => document.paths[path]!.get!.parameters;
    expect(parameters('/v1/logs').map(({ name }) => name)).toEqual(Object.keys(scripListParameters.shape));
    expect(parameters('/v1/organization/logs').map(({ name }) => name)).toEqual(
      Object.keys(signaListParameters.shape),
    );
    const find = (path: string, wanted: string) =>
      parameters(path).find(({ name }) => name === wanted)!.schema;
    expect(find('/v1/logs', 'limit')).toMatchObject({ type: 'integer', minimum: 1, default: 50 });
    expect(find('/v1/logs', 'sort_by')).toMatchObject({ enum: ['created_at', 'duration_ms', 'status_code'] });
    expect(find('/v1/organization/logs', 'limit')).toMatchObject({
      type: 'integer',
      minimum: 1,
      maximum: 100,
    });
    expect(find('/v1/organization/logs', 'q')).toMatchObject({ type: 'string', maxLength: 200 });
    for (const name of ['start_date', 'end_date', 'from', 'to']) {
      expect(find('/v1/organization/logs', name)).toMatchObject({
        anyOf: [
          { type: 'string', format: 'date' },
          { type: 'string', format: 'date-time' },
        ],
      });
    }
    expect(find('/v1/logs', 'from')).toMatchObject({ type: 'string', format: 'date-time' });
  });

  const operations = () =>
    Object.entries(document.paths).flatMap(([path, methods]) =>
      Object.entries(methods).map(([method, operation]) => ({ path, method, ...operation })),
    );

  it('gives each operation a unique id and a described tag, and each response a content type', () => {
    const ids = operations().map(({ operationId }) => operationId);
    expect(new Set(ids).size).toBe(ids.length);
    for (const { operationId, tags, responses } of operations()) {
      expect([operationId, tags.length]).toEqual([operationId, 1]);
      expect(document.tags.map(({ name }) => name)).toContain(tags[0]);
      for (const [status, { content }] of Object.entries(responses))
        expect([operationId, status, Object.keys(content)]).toEqual([
          operationId,
          status,
          ['application/json'],
        ]);
    }
  });

  it('declares the headers that responses really have', async () => {
    const own = await testApp({
      RELAYLOG_SCRIP_BURST_REQUESTS: '2',
      RELAYLOG_SIGNA_REQUESTS_PER_MINUTE: '2',
      RELAYLOG_INGEST_REQUESTS_PER_SECOND: '1',
      RELAYLOG_INGEST_BURST_REQUESTS: '2',
    });
    const seen = new Set<string>();
    for (const { path, method, responses } of operations()) {
      const key = await own.key(`${method}${path}`.replace(/\W/g, ''));
      const url = `${path.replace(/\{\w+\}/, 'x')}${path.startsWith('/v1/logs') ? '?unknown=1' : ''}`;
      const send = (token: string, by = method.toUpperCase()) =>
        own.request(url, {
          method: by,
          headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
          ...(by === 'POST' ? { body: '[]' } : {}),
        });
      const all = [await send(key), await send('wrong'), await send(key, 'DELETE')];
      while (all.at(-1)!.status !== 429) all.push(await send(key));
      for (const { status, headers } of all) {
        seen.add(String(status));
        const real = [...headers.keys()].filter((name) => OWN_HEADER.test(name));
        const declared = Object.keys(responses[status]!.headers!).map((name) => name.toLowerCase());
        expect([path, status, real.sort()]).toEqual([path, status, declared.sort()]);
      }
    }
    expect([...seen].sort()).toEqual(['200', '400', '401', '404', '405', '429']);
    await own.close();
  });

  it('lists every status that an endpoint can return', () => {
    for (const path of ['/v1/logs', '/v1/organization/logs']) {
      expect(Object.keys(document.paths[path]!.get!.responses)).toEqual([
        '200',
        '400',
        '401',
        '403',
        '404',
        '405',
        '408',
        '429',
        '431',
        '500',
        '503',
      ]);
    }
    expect(Object.keys(document.paths['/ingest/v1/request-logs']!.post!.responses)).toContain('413');
  });
});
