import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Serving, serving, workFolder } from './support/cli.ts';
import { jsonPost } from './support/json-post.ts';

const REQUEST_SECONDS = 3;
const INGEST = 'POST /ingest/v1/request-logs HTTP/1.1';

const TOO_LARGE = 'The request line and the headers have more than 16384 bytes.';

/** The message of a response that the server gave before it knew the API. */
function refusal(text: string, status: number): string {
  const [head, body] = text.split('\r\n\r\n') as [string, string];
  expect(head).toMatch(new RegExp(`^HTTP/1\\.1 ${status} .*\r\nContent-Type: application/json\r\n`));
  expect(head).toContain(`Content-Length: ${body.length}`);
  return JSON.parse(body).error.message;
}

describe('clients that misbehave', () => {
  let server: Serving;
  let key: string;
  beforeAll(async () => {
    server = await serving({
      folder: workFolder(),
      environment: {
        RELAYLOG_REQUEST_TIMEOUT_SECONDS: String(REQUEST_SECONDS),
        RELAYLOG_MAX_CONNECTIONS: '50',
        RELAYLOG_MAX_REQUESTS_IN_FLIGHT: '2',
        RELAYLOG_LOG_LEVEL: 'error',
      },
    });
    key = /rlk_[\w-]{43}/.exec(server.out)![0];
  });
  afterAll(async () => {
    const { status, err } = await server.stop();
    expect({ status, err }).toEqual({ status: 0, err: '' });
  });

  const client = async (...lines: string[]) => {
    const { port, hostname } = new URL(server.url);
    const socket = connect(Number(port), hostname);
    await once(socket, 'connect');
    if (lines.length > 0) socket.write([...lines, '', ''].join('\r\n'));
    return socket;
  };
  const headers = (bytes: number) => [
    'Host: x',
    `X-API-Key: ${key}`,
    'Content-Type: application/json',
    `Content-Length: ${bytes}`,
  ];
  const post = (path: string, body: object) => fetch(`${server.url}${path}`, jsonPost(key, body));
  const served = async () =>
    (await fetch(`${server.url}/v1/logs?limit=1`, { headers: { 'x-api-key': key } })).status;

  it('incomplete headers are answered 408 within the timeout', async () => {
    const socket = await client();
    socket.write('GET /v1/logs HTTP/1.1\r\nHost: ');
    const { text, ms } = await readToEnd(socket);
    expect(refusal(text, 408)).toBe('The request was not received completely within the time limit.');
    expect(ms).toBeLessThan((REQUEST_SECONDS / 3 + 2) * 1000);
  });

  it('unread files of GraphiQL take no permits of the GraphQL API, and are closed within the timeout', async () => {
    const page = () => fetch(`${server.url}/graphql`, { headers: { accept: 'text/html' } });
    const [script] = /\/assets\/graphiql\.\w+\.js/.exec(await (await page()).text())!;
    const sockets = [];
    for (let i = 0; i < 5; i++) sockets.push(await client(`GET ${script} HTTP/1.1`, 'Host: x'));
    const start = performance.now();
    while ((await page()).status !== 503) expect(performance.now() - start).toBeLessThan(1_000);
    expect((await post('/graphql', { query: '{ viewer { plan } }' })).status).toBe(200);
    while ((await page()).status !== 200) {
      expect(performance.now() - start).toBeLessThan((REQUEST_SECONDS + 2) * 1000);
      await sleep(100);
    }
    for (const socket of sockets) socket.destroy();
  });

  it.each([
    ['ingest', INGEST, 1_000],
    ['ingest, long body', INGEST, 200_000],
    ['graphql', 'POST /graphql HTTP/1.1', 1_000],
    ['graphql, long body', 'POST /graphql HTTP/1.1', 200_000],
  ])(
    'an incomplete body is answered 408 within the timeout, while other requests are served: %s',
    async (_name, request, bytes) => {
      const socket = await client(request, ...headers(bytes));
      socket.write('[{"requestId":"half",');
      expect(await served()).toBe(200);
      const { text, ms } = await readToEnd(socket);
      expect(text).toMatch(/^HTTP\/1\.1 408 /);
      expect(ms).toBeLessThan((REQUEST_SECONDS + 2) * 1000);
      expect(await served()).toBe(200);
    },
  );

  it('a body that arrives one byte at a time is answered 408 within the timeout', async () => {
    const socket = await client(INGEST, ...headers(100_000));
    const drip = setInterval(() => socket.write(' '), 50);
    const { text, ms } = await readToEnd(socket);
    clearInterval(drip);
    expect(text).toMatch(/^HTTP\/1\.1 408 /);
    expect(ms).toBeLessThan((REQUEST_SECONDS + 2) * 1000);
  });

  it.each([
    ['a query of 10 MB in a URL', `GET /graphql?query=${'a'.repeat(10_000_000)} HTTP/1.1`, 431, TOO_LARGE],
    ['a parameter of 10 MB', `GET /v1/logs?method=${'a'.repeat(10_000_000)} HTTP/1.1`, 431, TOO_LARGE],
    ['a header of 10 MB', `GET /livez HTTP/1.1\r\nX: ${'a'.repeat(10_000_000)}`, 431, TOO_LARGE],
    ['a request that is not HTTP', '\0\x01\x02', 400, 'The request is not well-formed HTTP/1.1.'],
  ])('%s is rejected with a response', async (_name, request, status, message) => {
    const socket = await client(request, 'Host: x');
    const { text } = await readToEnd(socket);
    expect(refusal(text, status)).toBe(message);
    expect(await served()).toBe(200);
  });

  it.each([1_000, 200_000])('a truncated body of %i bytes is answered 400', async (bytes) => {
    const socket = await client(INGEST, ...headers(bytes));
    socket.end('[{"requestId":"half",');
    expect((await readToEnd(socket)).text).toMatch(/^HTTP\/1\.1 400 /);
  });

  it.each([
    ['in pieces', 'in-pieces', false],
    ['at once by a client that does not wait for the response', 'at-once', true],
  ])('a large body that is sent %s is stored as it is', async (_name, requestId, leaves) => {
    const entries = Array.from({ length: 1_800 }, (_, i) => `entry ${i} of ${requestId}`);
    const log = {
      requestId,
      createdAt: Date.now(),
      method: 'GET',
      path: '/large',
      statusCode: 200,
      requestBody: entries,
      responseBody: entries,
    };
    const body = JSON.stringify([log]);
    expect(body.length).toBeGreaterThan(65_536);
    const socket = await client(INGEST, ...headers(body.length), 'Connection: close');
    if (leaves) socket.end(body, () => socket.destroy());
    for (let i = 0; !leaves && i < body.length; i += 7_001) {
      socket.write(body.slice(i, i + 7_001));
      await sleep(5);
    }
    if (!leaves) expect((await readToEnd(socket)).text).toMatch(/^HTTP\/1\.1 200 /);
    const query = `{ requestLogs(first: 1, filter: { requestId: { eq: "${requestId}" } }) { nodes { requestBody responseBody } } }`;
    const found = async () => (await post('/graphql', { query })).json();
    await expect
      .poll(found)
      .toMatchObject({ data: { requestLogs: { nodes: [{ requestBody: entries, responseBody: entries }] } } });
  });

  it('an aborted body releases its memory and its permit', async () => {
    for (let i = 0; i < 20; i++) {
      const socket = await client(INGEST, ...headers(1_000_000));
      socket.write(Buffer.alloc(100_000, ' '));
      socket.destroy();
    }
    await expect.poll(() => metric(server.url, 'relaylog_buffered_body_bytes')).toBe(0);
    const ingest = 'relaylog_http_requests_in_flight{api="ingest"}';
    await expect.poll(() => metric(server.url, ingest)).toBe(0);
  });

  it.each(['/graphql', '/ingest/v1/request-logs'])(
    'a body that declares a length over the limit is rejected before it is sent: %s',
    async (path) => {
      const socket = await client(`POST ${path} HTTP/1.1`, ...headers(50_000_000));
      const [chunk] = await once(socket, 'data');
      expect(String(chunk)).toMatch(/^HTTP\/1.1 413 /);
      expect(String(chunk)).toContain('PAYLOAD_TOO_LARGE');
      socket.destroy();
    },
  );

  it('a body without a declared length is rejected when it reaches the limit', async () => {
    const response = await fetch(`${server.url}/graphql`, {
      method: 'POST',
      headers: { 'x-api-key': key, 'content-type': 'application/json' },
      body: new Blob([JSON.stringify({ query: `{ viewer { plan } } ${'#'.repeat(10_000_000)}` })]).stream(),
      duplex: 'half',
    } as RequestInit);
    expect(response.status).toBe(413);
    expect(await response.json()).toMatchObject({ errors: [{ extensions: { code: 'PAYLOAD_TOO_LARGE' } }] });
  });

  it('a client that reads nothing holds its permit no longer than the timeout', async () => {
    const body = { note: 'x'.repeat(60_000) };
    for (let batch = 0; batch < 4; batch++) {
      const logs = Array.from({ length: 25 }, (_, i) => ({
        createdAt: Date.now(),
        requestId: `long${batch}-${i}`,
        method: 'GET',
        path: '/long',
        statusCode: 200,
        requestBody: body,
        responseBody: body,
      }));
      expect((await post('/ingest/v1/request-logs', logs)).status).toBe(200);
    }
    const page = { query: 'query Unread { requestLogs(first: 100) { nodes { requestBody responseBody } } }' };
    const text = JSON.stringify(page);
    const stalled = await Promise.all(
      [1, 2].map(() => client('POST /graphql HTTP/1.1', ...headers(text.length), '', text)),
    );
    for (const socket of stalled) socket.on('error', () => undefined).pause();
    const status = async () => (await post('/graphql', { query: '{ viewer { plan } }' })).status;
    const answered = 'relaylog_http_request_duration_seconds_count{api="graphql",operation="Unread"}';
    await expect.poll(() => metric(server.url, answered)).toBe(2);
    await expect.poll(status).toBe(503);
    await expect.poll(status, { timeout: (REQUEST_SECONDS + 3) * 1000 }).toBe(200);
    for (const socket of stalled) socket.destroy();
  });

  it('connections above the limit are closed, and the others are served', async () => {
    const sockets = await Promise.all(
      Array.from({ length: 60 }, () => client('GET /livez HTTP/1.1', 'Host: x')),
    );
    const answers = await Promise.all(
      sockets.map(
        (socket) =>
          new Promise<string>((resolve) => {
            socket.once('data', (chunk) => resolve(String(chunk).slice(0, 12)));
            socket.once('close', () => resolve('closed'));
            socket.on('error', () => undefined);
          }),
      ),
    );
    expect(answers.filter((one) => one === 'HTTP/1.1 200').length).toBeGreaterThan(40);
    expect(answers.filter((one) => one === 'closed').length).toBeGreaterThanOrEqual(10);
    for (const socket of sockets) socket.destroy();
    await expect.poll(served).toBe(200);
  });
});

describe('SIGTERM', () => {
  it('ends the process within the drain timeout, although one client is idle, one sends half a body and one sends nothing', async () => {
    const server = await serving({
      folder: workFolder(),
      environment: { RELAYLOG_DRAIN_TIMEOUT_SECONDS: '1', RELAYLOG_LOG_LEVEL: 'error' },
    });
    const [key] = /rlk_[\w-]{43}/.exec(server.out)!;
    const { port, hostname } = new URL(server.url);
    const open = async (text: string) => {
      const socket = connect(Number(port), hostname);
      socket.on('error', () => undefined);
      await once(socket, 'connect');
      socket.write(text);
      return socket;
    };
    const idle = await open('GET /livez HTTP/1.1\r\nHost: x\r\nConnection: keep-alive\r\n\r\n');
    await once(idle, 'data');
    await open('');
    const half = `${INGEST}\r\nHost: x\r\nX-API-Key: ${key}\r\nContent-Type: application/json\r\nContent-Length: 99\r\n\r\n[`;
    await open(half);
    await new Promise((done) => setTimeout(done, 100));
    const start = performance.now();
    const { status, err } = await server.stop();
    const ms = performance.now() - start;
    expect({ status, err }).toEqual({ status: 0, err: '' });
    expect(ms).toBeGreaterThan(900);
    expect(ms).toBeLessThan(3_000);
  });

  it('lets a request in flight finish, and then ends at once', async () => {
    const server = await serving({ folder: workFolder(), environment: { RELAYLOG_LOG_LEVEL: 'error' } });
    const [key] = /rlk_[\w-]{43}/.exec(server.out)!;
    const { port, hostname } = new URL(server.url);
    const socket = connect(Number(port), hostname);
    socket.write(
      `${INGEST}\r\nHost: x\r\nX-API-Key: ${key}\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n[`,
    );
    await new Promise((done) => setTimeout(done, 200));
    const stopped = server.stop();
    await new Promise((done) => setTimeout(done, 300));
    await expect(fetch(`${server.url}/livez`)).rejects.toThrow();
    socket.write(']');
    const start = performance.now();
    const { text } = await readToEnd(socket);
    expect(text).toMatch(/^HTTP\/1.1 200 /);
    expect((await stopped).status).toBe(0);
    expect(performance.now() - start).toBeLessThan(2_000);
  });
});

/** Reads a socket until the server closes it. Returns the received text and the elapsed milliseconds. */
async function readToEnd(socket: Socket): Promise<{ text: string; ms: number }> {
  const start = performance.now();
  let text = '';
  socket.on('data', (chunk) => {
    text += chunk;
  });
  socket.on('error', () => undefined);
  await new Promise((resolve) => socket.once('close', resolve));
  return { text, ms: performance.now() - start };
}

async function metric(url: string, name: string): Promise<number> {
  const text = await (await fetch(`${url}/metrics`)).text();
  return Number(
    text
      .split('\n')
      .find((line) => line.startsWith(`${name} `))
      ?.split(' ')
      .at(-1),
  );
}
