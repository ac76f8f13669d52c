import { type ChildProcess, execFileSync, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { type IncomingMessage, request as plainRequest } from 'node:http';
import { connect as connectHttp2 } from 'node:http2';
import { type RequestOptions, request } from 'node:https';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { newApiKey } from '../../../src/access/api-key.ts';
import { ENDPOINTS } from '../../../src/endpoints.ts';
import { openGateway } from '../../../src/gateway.ts';
import type { PublicEndpoint } from '../../../src/http/endpoint.ts';
import { type RunningServer, startServer } from '../../../src/server.ts';
import { currentCall } from '../../../src/telemetry/call.ts';
import { createLogger } from '../../../src/telemetry/logger.ts';
import { read } from '../files.ts';

const OWN = { protocol: null, api: 'other', methods: ['GET'], description: 'For this test' } as const;
/** Streams one text, and the other once `next` is called. */
let next: () => void;
const STREAMING: PublicEndpoint = {
  ...OWN,
  path: '/stream',
  streams: true,
  open: () => async () => {
    const { promise, resolve } = Promise.withResolvers<void>();
    next = resolve;
    const body = new ReadableStream<Uint8Array>({
      async start(controller) {
        controller.enqueue(new TextEncoder().encode('one'));
        await promise;
        controller.enqueue(new TextEncoder().encode('two'));
        controller.close();
      },
    });
    return new Response(body, { headers: { 'content-type': 'text/event-stream' } });
  },
};
/** Answers the headers that it got, and the address that Relaylog takes for the client's. */
const HEADERS: PublicEndpoint = {
  ...OWN,
  path: '/headers',
  open: () => async (received) =>
    Response.json({ ...Object.fromEntries(received.headers), address: currentCall()?.address }),
};

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  return port;
}

describe('nginx in front of Relaylog', () => {
  const folder = mkdtempSync(join(tmpdir(), 'relaylog-nginx-'));
  const certificate = join(folder, 'fullchain.pem');
  let relaylog: RunningServer;
  let nginx: ChildProcess;
  let key: string;
  let tlsPort: number;
  let plainPort: number;

  beforeAll(async () => {
    const variables = {
      PORT: '0',
      RELAYLOG_LOG_LEVEL: 'silent',
      RELAYLOG_TRUSTED_PROXIES: '127.0.0.1',
      RELAYLOG_STORE_URL: `sqlite:${join(folder, 'a.db')}`,
    };
    const endpoints = [STREAMING, HEADERS, ...ENDPOINTS];
    const gateway = await openGateway(variables, { logger: createLogger('silent'), endpoints });
    relaylog = await startServer(gateway);
    await gateway.store.createOrganization({ id: 'acme', plan: 'archive', createdAt: Date.now() });
    const made = newApiKey({ organizationId: 'acme', scopes: ['admin'], expiresAt: null }, Date.now());
    await gateway.store.createKey(made.record);
    key = made.key;
    execFileSync(
      'openssl',
      [
        ...['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '2'],
        ...['-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost'],
        ...['-keyout', join(folder, 'privkey.pem'), '-out', certificate],
      ],
      { stdio: 'pipe' },
    );
    [tlsPort, plainPort] = [await freePort(), await freePort()];
    const site = read('deploy/nginx/relaylog.conf')
      .replaceAll('/etc/ssl/relaylog', folder)
      .replaceAll('/var/log/nginx', folder)
      .replaceAll(/listen (\[::\]:)?443/g, (_, v6 = '127.0.0.1:') => `listen ${v6}${tlsPort}`)
      .replaceAll(/listen (\[::\]:)?80;/g, (_, v6 = '127.0.0.1:') => `listen ${v6}${plainPort};`)
      // A machine without IPv6.
      .replaceAll(/^ *listen \[::\].*\n/gm, '')
      .replaceAll('127.0.0.1:4000', new URL(relaylog.url).host);
    writeFileSync(join(folder, 'site.conf'), site);
    const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map(
      (name) => `${name}_temp_path ${folder}/${name};`,
    );
    writeFileSync(
      join(folder, 'nginx.conf'),
      `pid ${folder}/nginx.pid; error_log ${folder}/error.log; daemon off; worker_processes 1;
       events {} http { access_log off; ${temporary.join(' ')} include site.conf; }`,
    );
    const args = ['-p', folder, '-c', join(folder, 'nginx.conf'), '-e', join(folder, 'error.log')];
    const { status, stderr } = spawnSync('nginx', [...args, '-t'], { encoding: 'utf8' });
    expect({ status, stderr }).toMatchObject({
      status: 0,
      stderr: expect.stringContaining('test is successful'),
    });
    nginx = spawn('nginx', args, { stdio: 'inherit' });
    for (let i = 0; i < 100 && (await get('/livez').catch(() => null)) === null; i++) await sleep(50);
  });
  afterAll(async () => {
    if (nginx !== undefined) {
      nginx.kill('SIGTERM');
      await once(nginx, 'exit');
    }
    await relaylog?.stop();
    rmSync(folder, { recursive: true });
  });

  const options = (path: string, more: RequestOptions = {}): RequestOptions => ({
    host: '127.0.0.1',
    port: tlsPort,
    servername: 'localhost',
    ca: readFileSync(certificate),
    // A connection for each request: the one on which a body was refused is being closed.
    agent: false,
    path,
    ...more,
    headers: { host: 'relaylog.example.com', 'x-api-key': key, ...(more.headers as object) },
  });
  const answerTo = async (call: ReturnType<typeof request>) => {
    const [response] = (await once(call, 'response')) as [IncomingMessage];
    const text = Buffer.concat(await Array.fromAsync(response)).toString();
    return { status: response.statusCode, headers: response.headers, text };
  };
  const get = (path: string, headers = {}) => answerTo(request(options(path, { headers })).end());
  const post = (path: string, body: string, headers = {}) => {
    const call = request(
      options(path, { method: 'POST', headers: { 'content-type': 'application/json', ...headers } }),
    );
    call.on('error', () => undefined);
    call.end(body);
    return answerTo(call);
  };
  const plain = (path: string, method = 'GET') =>
    answerTo(
      plainRequest({
        host: '127.0.0.1',
        port: plainPort,
        path,
        method,
        headers: { host: 'relaylog.example.com' },
      }).end(),
    );
  const ingest = '/ingest/v1/request-logs';
  const log = { createdAt: Date.now(), requestId: 'r', method: 'GET', path: '/', statusCode: 200 };

  it('answers GraphQL over HTTP/1.1 and HTTP/2, by TLS', async () => {
    const { status, text, headers } = await post('/graphql', '{"query":"{ viewer { plan } }"}');
    expect({ status, text: JSON.parse(text) }).toEqual({
      status: 200,
      text: { data: { viewer: { plan: 'archive' } } },
    });
    expect(headers).toMatchObject({ 'strict-transport-security': 'max-age=31536000', server: 'nginx' });
    const session = connectHttp2(`https://localhost:${tlsPort}`, {
      ca: readFileSync(certificate),
      host: '127.0.0.1',
    });
    const stream = session.request({ ':path': '/v1/logs', 'x-api-key': key });
    const [received] = await once(stream, 'response');
    expect(received[':status']).toBe(200);
    stream.resume();
    session.close();
  });

  it('passes each part of a stream on as it comes', async () => {
    const [response] = (await once(request(options('/stream')).end(), 'response')) as [IncomingMessage];
    const parts = response[Symbol.asyncIterator]();
    expect(String((await parts.next()).value)).toBe('one');
    next();
    expect(String((await parts.next()).value)).toBe('two');
    expect((await parts.next()).done).toBe(true);
  });

  it('passes the address of its client on, and nothing that the client claims', async () => {
    const headers = {
      'x-forwarded-for': '6.6.6.6',
      'x-forwarded-proto': 'http',
      'x-forwarded-host': 'evil.example',
      forwarded: 'for=6.6.6.6',
    };
    const client = options('/headers', { localAddress: '127.0.0.2', headers });
    const { text } = await answerTo(request(client).end());
    const received = JSON.parse(text);
    expect(received).toMatchObject({
      address: '127.0.0.2',
      'x-forwarded-for': '127.0.0.2',
      'x-forwarded-proto': 'https',
      'x-forwarded-host': 'relaylog.example.com',
      host: 'relaylog.example.com',
    });
    expect(received).not.toHaveProperty('forwarded');
  });

  it('lets bodies pass up to the limit of ingest, with and without a length, and leaves it to Relaylog to refuse more', async () => {
    const body = (bytes: number) => JSON.stringify([{ ...log, requestBody: 'x'.repeat(bytes - 200) }]);
    expect(await post(ingest, body(9_900_000))).toMatchObject({ status: 200 });
    const chunked = { 'transfer-encoding': 'chunked' };
    expect(await post(ingest, body(9_900_000), chunked)).toMatchObject({ status: 200 });
    const refused = await post(ingest, body(11_000_000));
    expect(refused.status).toBe(413);
    expect(JSON.parse(refused.text).error.code).toBe('PAYLOAD_TOO_LARGE');
  });

  it('writes nothing of a body to its disk', async () => {
    const headers = { 'content-type': 'application/json' };
    const call = request(options(ingest, { method: 'POST', headers }));
    call.write(`[${JSON.stringify(log)},${' '.repeat(1_000_000)}`);
    await sleep(500);
    expect(readdirSync(join(folder, 'client_body'))).toEqual([]);
    call.end(JSON.stringify({ ...log, requestId: 's' }).concat(']'));
    expect((await answerTo(call)).status).toBe(200);
  });

  it('passes a long query string', async () => {
    const { status } = await get(`/v1/logs?request_id=${'x'.repeat(12_000)}`);
    expect(status).toBe(400);
  });

  it('does not show metrics', async () => {
    expect((await get('/metrics')).status).toBe(404);
    expect((await get('/livez')).status).toBe(200);
  });

  it('redirects a page to TLS, and refuses everything else without it', async () => {
    expect(await plain('/graphql')).toMatchObject({
      status: 301,
      headers: { location: 'https://relaylog.example.com/graphql' },
    });
    expect((await plain('/graphql', 'POST')).status).toBe(403);
    expect((await plain('/v1/logs')).status).toBe(403);
  });

  it('writes no query string into its log', async () => {
    await get('/v1/logs?token=S3CRET');
    await plain('/graphql?token=S3CRET');
    await sleep(100);
    const lines = readFileSync(join(folder, 'relaylog.log'), 'utf8');
    expect(lines).toContain('"GET /v1/logs" 200');
    expect(lines).not.toContain('S3CRET');
  });
});
