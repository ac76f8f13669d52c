import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createApp } from '../src/app.ts';
import { ENDPOINTS } from '../src/endpoints.ts';
import { apiOf, type Endpoint } from '../src/http/endpoint.ts';
import { type TestApp, testApp } from './support/app.ts';

/** One request for each endpoint, written without using the table: its endpoint, status, and a part of its response. */
const REQUESTS: readonly {
  readonly endpoint: string;
  readonly method?: string;
  readonly path: string;
  readonly headers?: Record<string, string>;
  readonly body?: string;
  readonly status: number;
  readonly contains: string;
}[] = [
  { endpoint: 'other GET /', path: '/', status: 200, contains: '<title>Relaylog</title>' },
  {
    endpoint: 'graphiql GET /graphql',
    path: '/graphql',
    headers: { accept: 'text/html' },
    status: 200,
    contains: '<!doctype html>',
  },
  {
    endpoint: 'graphql GET,POST /graphql',
    method: 'POST',
    path: '/graphql',
    headers: { 'content-type': 'application/json' },
    body: '{"query":"{ viewer { plan } }"}',
    status: 200,
    contains: '{"data":{"viewer"',
  },
  {
    endpoint: 'scrip GET /v1/logs',
    path: '/v1/logs',
    status: 200,
    contains: '"pagination":{"has_more":false',
  },
  { endpoint: 'scrip GET /v1/logs/{id}', path: '/v1/logs/LOG', status: 200, contains: '"response_body":{}' },
  {
    endpoint: 'scrip ALL /v1/logs/*',
    method: 'DELETE',
    path: '/v1/logs/a/b',
    status: 404,
    contains: '{"code":"not_found"',
  },
  {
    endpoint: 'signa GET /v1/organization/logs',
    path: '/v1/organization/logs',
    status: 200,
    contains: '{"object":"list"',
  },
  {
    endpoint: 'signa GET /v1/organization/logs/{request_id}',
    path: '/v1/organization/logs/req_r0',
    status: 200,
    contains: '{"id":"req_r0"',
  },
  {
    endpoint: 'signa GET /v1/organization/usage/summary',
    path: '/v1/organization/usage/summary?start_date=2026-04-01&end_date=2026-04-30',
    status: 200,
    contains: '{"object":"list","data":[{"period_start"',
  },
  {
    endpoint: 'signa GET /v1/organization/usage',
    path: '/v1/organization/usage',
    status: 200,
    contains: '{"object":"usage"',
  },
  {
    endpoint: 'signa ALL /v1/organization/logs/*',
    method: 'DELETE',
    path: '/v1/organization/logs/a/b',
    status: 404,
    contains: '"title":"Resource not found"',
  },
  {
    endpoint: 'signa ALL /v1/organization/usage/*',
    method: 'DELETE',
    path: '/v1/organization/usage/a/b',
    status: 404,
    contains: '"title":"Resource not found"',
  },
  {
    endpoint: 'ingest POST /ingest/v1/request-logs',
    method: 'POST',
    path: '/ingest/v1/request-logs',
    headers: { 'content-type': 'application/json' },
    body: '[]',
    status: 200,
    contains: '{"received":0',
  },
  { endpoint: 'other GET /openapi.json', path: '/openapi.json', status: 200, contains: '"openapi":"3.1.0"' },
  {
    endpoint: 'graphiql GET /assets/{file}',
    path: '/assets/x.js',
    status: 404,
    contains: 'There is no such file.',
  },
  { endpoint: 'other GET /metrics', path: '/metrics', status: 200, contains: '# HELP relaylog_' },
  { endpoint: 'other GET /livez', path: '/livez', status: 200, contains: 'ok' },
  { endpoint: 'other GET /readyz', path: '/readyz', status: 200, contains: 'ok' },
];

const nameOf = (endpoint: Endpoint) => `${apiOf(endpoint)} ${endpoint.methods} ${endpoint.path}`;

describe('the table of endpoints', () => {
  let app: TestApp;
  let key: string;
  let logId: string;
  beforeAll(async () => {
    app = await testApp();
    key = await app.key('acme');
    logId = (await app.insert({ organizationId: 'acme' }))[0]!.id;
  });
  afterAll(() => app.close());

  const send = async (
    { method = 'GET', path, headers = {}, body }: (typeof REQUESTS)[number],
    to: Pick<TestApp['app'], 'request'> = app.app,
  ) => {
    const response = await to.request(path.replace('LOG', logId), {
      method,
      headers: { authorization: `Bearer ${key}`, ...headers },
      ...(body !== undefined && { body }),
    });
    return { status: response.status, text: await response.text() };
  };

  it.each(REQUESTS)('has $endpoint', async (request) => {
    const { status, text } = await send(request);
    expect({ endpoint: request.endpoint, status }).toEqual({
      endpoint: request.endpoint,
      status: request.status,
    });
    expect(text).toContain(request.contains);
  });

  it('has no endpoint without a request in this test', () => {
    expect(ENDPOINTS.map(nameOf)).toEqual(REQUESTS.map(({ endpoint }) => endpoint));
  });

  it('determines the routes of the app: removing a row changes only the response to the request of that row', async () => {
    for (const missing of ENDPOINTS) {
      const endpoints = ENDPOINTS.filter((endpoint) => endpoint !== missing);
      const without = createApp({ ...app.parts, endpoints });
      const broken: string[] = [];
      for (const request of REQUESTS) {
        const { status, text } = await send(request, without);
        if (status !== request.status || !text.includes(request.contains)) broken.push(request.endpoint);
      }
      expect(broken).toEqual([nameOf(missing)]);
    }
  });

  it.each(
    ENDPOINTS.filter(({ protocol }) => protocol !== null).map((endpoint) => [nameOf(endpoint), endpoint]),
  )('counts requests to %s under the label of its API', async (_name, endpoint) => {
    const request = REQUESTS.find(({ endpoint: name }) => name === nameOf(endpoint))!;
    await send(request);
    const metrics = await (await app.request('/metrics')).text();
    expect(metrics).toMatch(new RegExp(`relaylog_http_requests_total\\{api="${apiOf(endpoint)}"`));
  });
});
