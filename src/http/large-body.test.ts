import { once } from 'node:events';
import { Agent, createServer, type IncomingMessage, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, it, onTestFinished } from 'vitest';
import type { createApp } from '../app.ts';
import { requestListener } from '../gateway.ts';
import { readLargeBody } from './large-body.ts';

const BODY = Buffer.from(Array.from({ length: 3_000_000 }, (_, i) => i));

/** Sends the body twice on one connection, to a server that answers by `fetch`. Returns the statuses. */
async function sendTwice(
  fetch: (request: Request) => Promise<Response>,
  onRequest: (incoming: IncomingMessage) => void = () => undefined,
) {
  const server = createServer();
  const ends: Promise<unknown>[] = [];
  server.on('request', (incoming) => ends.push(once(incoming, 'end')));
  server.on('request', onRequest);
  server.on('request', requestListener({ fetch } as unknown as ReturnType<typeof createApp>));
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  onTestFinished(() => {
    agent.destroy();
    server.close();
  });
  await once(server.listen(0), 'listening');
  const { port } = server.address() as AddressInfo;
  let connections = 0;
  server.on('connection', () => connections++);
  const send = async () => {
    const sent = request({ agent, port, method: 'POST', headers: { 'content-length': BODY.length } });
    sent.end(BODY);
    const [response] = (await once(sent, 'response')) as [IncomingMessage];
    response.resume();
    await once(response, 'close');
    return response.statusCode;
  };
  const statuses = [await send(), await send()];
  // A refusal may arrive before the server has received the last pieces.
  await Promise.all(ends);
  expect(connections).toBe(1);
  return statuses;
}

it('reads a large body that is wanted', async () => {
  const bodies: Uint8Array[] = [];
  const statuses = await sendTwice(async (received) => {
    bodies.push((await readLargeBody(received, BODY.length))!);
    return new Response();
  });
  expect(statuses).toEqual([200, 200]);
  expect(bodies.map((body) => Buffer.compare(body, BODY))).toEqual([0, 0]);
});

it('frees each piece of a large body that is refused, and keeps the connection', async () => {
  const lengths: number[] = [];
  const statuses = await sendTwice(
    async () => new Response(null, { status: 503 }),
    (incoming) => setImmediate(() => incoming.on('data', ({ length }: Buffer) => lengths.push(length))),
  );
  expect(statuses).toEqual([503, 503]);
  expect(lengths.length).toBeGreaterThan(10);
  expect(new Set(lengths)).toEqual(new Set([0]));
});

it('frees no piece that the server also collects itself', async () => {
  const collected: Buffer[] = [];
  const collect = (incoming: IncomingMessage) => incoming.on('data', (piece) => collected.push(piece));
  const statuses = await sendTwice(async () => new Response(null, { status: 503 }), collect);
  expect(statuses).toEqual([503, 503]);
  expect(Buffer.compare(Buffer.concat(collected), Buffer.concat([BODY, BODY]))).toBe(0);
});
