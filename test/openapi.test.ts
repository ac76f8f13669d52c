import { Validator } from '@seriousme/openapi-schema-validator';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { scripListParameters } from '../src/rest/scrip/parameters.ts';
import { signaListParameters } from '../src/rest/signa/parameters.ts';
import { type TestApp, testApp } from './support/app.ts';

interface OpenApi extends Record<string, unknown> {
  openapi: string;
  paths: Record<
    string,
    Record<
      string,
      { parameters: { name: string; in: string; schema: object }[]; responses: Record<string, unknown> }
    >
  >;
}

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
  });

  it('lists every status that an endpoint can return', () => {
    for (const path of ['/v1/logs', '/v1/organization/logs']) {
      expect(Object.keys(document.paths[path]!.get!.responses)).toEqual([
        '200',
        '400',
        '401',
        '403',
        '404',
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
