import { once } from 'node:events';
import { createServer, get, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { ENDPOINTS } from '../src/endpoints.ts';
import { requestListener } from '../src/gateway.ts';
import type { Endpoint } from '../src/http/endpoint.ts';
import { finishDeferred } from '../src/lib/deferred.ts';
import { SCRIP } from '../src/rest/scrip/vendor.ts';
import { currentCall } from '../src/telemetry/call.ts';
import { type TestApp, testApp } from './support/app.ts';

/*
 * An endpoint that streams for longer than every deadline of a plain request. Its permit, deadline and log line belong to
 * the stream until it ends.
 */
const DEADLINE_MS = 1_000;
let next: PromiseWithResolvers<string | null | Error>;
let cancelled: unknown;

/** Sends each text that `next` resolves to. Null ends the stream; an error makes it fail. */
const STREAMING: Endpoint = {
  protocol: SCRIP,
  scope: 'logs:read',
  methods: ['GET'],
  path: '/stream',
  description: 'A stream for this test',
  streams: true,
  open: () => async () => {
    const body = new ReadableStream<Uint8Array>({
      async pull(controller) {
        const text = await next.promise;
        next = Promise.withResolvers();
        if (text === null) controller.close();
        else if (text instanceof Error) controller.error(text);
        else controller.enqueue(new TextEncoder().encode(text));
      },
      cancel(reason) {
        cancelled = reason ?? 'cancelled';
      },
    });
    return new Response(body, { headers: { 'content-type': 'text/plain' } });
  },
};

/** The request id of the current call at each read of `GENERATED`. */
const callIds: (string | null)[] = [];

/** Produces each text on demand, like a generator, and records the current call. */
const GENERATED: Endpoint = {
  ...STREAMING,
  path: '/generated',
  open: () => async () => {
    const texts = ['one', 'two'];
    const pull = async (controller: ReadableStreamDefaultController<Uint8Array>) => {
      callIds.push(currentCall()?.requestId ?? null);
      const text = texts.shift();
      if (text === undefined) throw new Error('the generator broke');
      controller.enqueue(new TextEncoder().encode(text));
    };
    return new Response(new ReadableStream({ pull }, { highWaterMark: 0 }));
  },
};

let app: TestApp;
let server: Server;
let url: string;
let key: string;
const raw: string[] = [];
beforeEach(async () => {
  next = Promise.withResolvers();
  cancelled = undefined;
  raw.length = 0;
  app = await testApp(
    {
      RELAYLOG_LOG_LEVEL: 'info',
      RELAYLOG_REQUEST_TIMEOUT_SECONDS: String(DEADLINE_MS / 1000),
      RELAYLOG_MAX_REQUESTS_IN_FLIGHT: '1',
    },
    undefined,
    (line) => raw.push(line),
    [STREAMING, GENERATED, ...ENDPOINTS],
  );
  key = await app.key('acme');
  server = createServer(requestListener(app.app)).listen(0, '127.0.0.1');
  await once(server, 'listening');
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterEach(async () => {
  server.closeAllConnections();
  server.close();
  await app.close();
});

const lines = () => {
  finishDeferred();
  return raw.map((line) => JSON.parse(line)).filter(({ operation }) => operation === '/stream');
};
const errorLines = () => {
  finishDeferred();
  return raw.map((line) => JSON.parse(line)).filter(({ msg }) => msg === 'unexpected error');
};
const send = (text: string | null | Error) => next.resolve(text);
const open = () => fetch(`${url}/stream`, { headers: { 'x-api-key': key } });
const plainStatus = async () => (await fetch(`${url}/v1/logs`, { headers: { 'x-api-key': key } })).status;
const inFlight = async () => {
  const text = await (await fetch(`${url}/metrics`)).text();
  return Number(/relaylog_http_requests_in_flight\{api="scrip"\} (\d+)/.exec(text)?.[1]);
};

it('outlives the deadlines of a plain request; permit, gauge and log line end with it', async () => {
  const response = await open();
  expect(response.status).toBe(200);
  expect(response.headers.get('x-ratelimit-limit')).not.toBeNull();
  expect(response.headers.get('x-request-id')).toMatch(/^req_/);
  const reader = response.body!.pipeThrough(new TextDecoderStream()).getReader();
  send('one');
  expect((await reader.read()).value).toBe('one');
  await sleep(DEADLINE_MS * 1.5);
  send('two');
  expect((await reader.read()).value).toBe('two');
  expect(await plainStatus()).toBe(503);
  expect(await inFlight()).toBe(1);
  expect(lines()).toEqual([]);
  send(null);
  expect((await reader.read()).done).toBe(true);
  await expect.poll(lines).toHaveLength(1);
  expect(lines()[0]).toMatchObject({ code: 'OK', status: 200, organizationId: 'acme' });
  expect(lines()[0].ms).toBeGreaterThan(DEADLINE_MS * 1.5);
  expect(await inFlight()).toBe(0);
  expect(await plainStatus()).toBe(200);
});

it('ends when its client disconnects', async () => {
  const client = get(`${url}/stream`, { headers: { 'x-api-key': key } });
  send('one');
  const [response] = (await once(client, 'response')) as [IncomingMessage];
  await once(response, 'data');
  client.destroy();
  await expect.poll(() => cancelled).toBeDefined();
  await expect.poll(lines).toMatchObject([{ code: 'CLIENT_CLOSED_REQUEST', status: 200 }]);
  expect(await plainStatus()).toBe(200);
  expect(errorLines()).toEqual([]);
});

it('holds no permit for HEAD, whose response has no body', async () => {
  const { status } = await fetch(`${url}/stream`, { method: 'HEAD', headers: { 'x-api-key': key } });
  expect(status).toBe(200);
  await expect.poll(lines).toMatchObject([{ method: 'HEAD', status: 200 }]);
  expect(cancelled).toBeDefined();
  expect(await inFlight()).toBe(0);
  expect(await plainStatus()).toBe(200);
});

it('runs in the context of its call until the end, and its error is logged with the request id', async () => {
  const response = await fetch(`${url}/generated`, { headers: { 'x-api-key': key } });
  const id = response.headers.get('x-request-id');
  await expect(response.text()).rejects.toThrow();
  expect(callIds).toEqual([id, id, id]);
  await expect.poll(errorLines).toMatchObject([{ requestId: id, err: { message: 'the generator broke' } }]);
});

it('is aborted when its client reads nothing for the deadline of a plain response', async () => {
  const client = get(`${url}/stream`, { headers: { 'x-api-key': key } });
  const [response] = (await once(client, 'response')) as [IncomingMessage];
  response.pause();
  const chunk = 'x'.repeat(1_000_000);
  const feeding = setInterval(() => send(chunk), 5);
  await expect.poll(() => cancelled, { timeout: 10_000 }).toBeDefined();
  clearInterval(feeding);
  await expect.poll(lines).toMatchObject([{ code: 'CLIENT_CLOSED_REQUEST' }]);
  expect(await plainStatus()).toBe(200);
  client.destroy();
}, 15_000);

it('holds its permit after its end until its last bytes are read or the deadline of a plain response passes', async () => {
  const connected = once(server, 'connection') as Promise<[Socket]>;
  const client = get(`${url}/stream`, { headers: { 'x-api-key': key } }).on('error', () => undefined);
  const [response] = (await once(client, 'response')) as [IncomingMessage];
  response.on('error', () => undefined).socket.pause();
  const [socket] = await connected;
  // Send small chunks until the buffers of the operating system are full.
  while (socket.writableLength === 0) {
    const sent = next;
    send('x'.repeat(4_000));
    while (next === sent) await sleep(0);
  }
  send(null);
  await expect.poll(lines).toMatchObject([{ code: 'OK', status: 200 }]);
  expect(await plainStatus()).toBe(503);
  await expect.poll(() => socket.destroyed, { timeout: DEADLINE_MS * 3 }).toBe(true);
  expect(await plainStatus()).toBe(200);
}, 15_000);

it('is logged with its error if it fails, and its connection is aborted', async () => {
  const response = await open();
  send('one');
  const reader = response.body!.getReader();
  await reader.read();
  send(new Error('the source broke'));
  await expect(reader.read()).rejects.toThrow();
  await expect.poll(lines).toMatchObject([{ code: 'INTERNAL_SERVER_ERROR', status: 200 }]);
  expect(raw.join('')).toContain('the source broke');
  expect(await plainStatus()).toBe(200);
});

it('is rejected in the error format of its API, like a plain request', async () => {
  const response = await fetch(`${url}/stream`);
  expect(response.status).toBe(401);
  expect(await response.json()).toMatchObject({ code: 'unauthorized' });
  await expect.poll(lines).toMatchObject([{ code: 'UNAUTHENTICATED', status: 401 }]);
});
