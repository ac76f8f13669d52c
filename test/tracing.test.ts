import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { expect, it } from 'vitest';
import { serving, workFolder } from './support/cli.ts';

interface SentSpan {
  readonly name: string;
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId?: string;
  readonly attributes: { key: string; value: { stringValue?: string; intValue?: number } }[];
  readonly status: { code?: number };
}

const attributesOf = ({ attributes }: SentSpan) =>
  Object.fromEntries(attributes.map(({ key, value }) => [key, value.stringValue ?? Number(value.intValue)]));

it('exports a span for each request and each store call if a collector is configured', async () => {
  const spans: SentSpan[] = [];
  const collector = createServer(async (request, response) => {
    const { resourceSpans } = JSON.parse(await text(request));
    spans.push(
      ...resourceSpans.flatMap((one: { scopeSpans: { spans: SentSpan[] }[] }) =>
        one.scopeSpans.flatMap((scope) => scope.spans),
      ),
    );
    response.end('{}');
  }).listen(0, '127.0.0.1');
  await once(collector, 'listening');
  const { port } = collector.address() as AddressInfo;
  const server = await serving({
    folder: workFolder(),
    environment: { OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${port}`, RELAYLOG_LOG_LEVEL: 'error' },
  });
  const [key] = /rlk_[\w-]{43}/.exec(server.out)!;
  const traceId = '0af7651916cd43dd8448eb211c80319c';
  const traceparent = `00-${traceId}-b7ad6b7169203331-01`;
  const headers = { 'x-api-key': key, traceparent };
  const response = await fetch(`${server.url}/v1/logs?limit=1`, { headers });
  await fetch(`${server.url}/v1/logs?limit=0&method=S3CRET`, { headers: { 'x-api-key': key } });
  await fetch(`${server.url}/v1/logs/S3CRET`, { headers: { 'x-api-key': key } });
  expect(await server.stop()).toMatchObject({ status: 0, err: '' });
  collector.close();

  const [good, bad] = spans.filter(({ name }) => name === 'GET /v1/logs');
  expect(good).toMatchObject({ traceId, parentSpanId: 'b7ad6b7169203331' });
  expect(attributesOf(good!)).toEqual({
    'http.request.method': 'GET',
    'http.route': '/v1/logs',
    'url.path': '/v1/logs',
    'url.scheme': 'http',
    'http.response.status_code': 200,
    'relaylog.api': 'scrip',
    'relaylog.code': 'OK',
    'relaylog.request_id': response.headers.get('x-request-id'),
  });
  expect(bad!.traceId).not.toBe(traceId);
  // A client error does not mark the server span as failed.
  expect(bad!.status.code ?? 0).toBe(0);
  expect(attributesOf(bad!)).toMatchObject({
    'http.response.status_code': 400,
    'relaylog.code': 'BAD_USER_INPUT',
  });
  const detail = spans.find(({ name }) => name === 'GET /v1/logs/:id');
  expect(attributesOf(detail!)).toMatchObject({ 'url.path': '/v1/logs/REDACTED' });
  const find = spans.find(({ name }) => name === 'find sqlite');
  expect(attributesOf(find!)).toEqual({ 'db.system.name': 'sqlite', 'db.operation.name': 'find' });
  expect(find).toMatchObject({ traceId, parentSpanId: good!.spanId });
  expect(JSON.stringify(spans)).not.toMatch(/S3CRET|rlk_/);
});

it('an unreachable collector delays neither requests nor the stop', async () => {
  const server = await serving({
    folder: workFolder(),
    environment: { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:9', RELAYLOG_LOG_LEVEL: 'error' },
  });
  const [key] = /rlk_[\w-]{43}/.exec(server.out)!;
  expect((await fetch(`${server.url}/v1/logs`, { headers: { 'x-api-key': key } })).status).toBe(200);
  const start = performance.now();
  expect((await server.stop()).status).toBe(0);
  expect(performance.now() - start).toBeLessThan(4_000);
});
