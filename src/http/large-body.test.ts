import { once } from 'node:events';
import { createServer, type IncomingMessage, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, it, onTestFinished } from 'vitest';
import { answerReceived, readLargeBody } from './large-body.ts';

const BODY = Buffer.from(Array.from({ length: 3_000_000 }, (_, i) => i));

/** Answers one request of a client that sends the body; `answer` gets the request before the body arrives. */
async function serveOnce(answer: (request: Request, incoming: IncomingMessage) => Promise<Response>) {
  const server = createServer(async (incoming, outgoing) => {
    const received = new Request('http://localhost/', { method: 'POST' });
    const { status } = await answerReceived(received, incoming, () => answer(received, incoming));
    outgoing.writeHead(status).end();
  });
  onTestFinished(() => void server.close());
  await once(server.listen(0), 'listening');
  const { port } = server.address() as AddressInfo;
  const sent = request({ port, method: 'POST', headers: { 'content-length': BODY.length } });
  sent.end(BODY);
  const [response] = (await once(sent, 'response')) as [IncomingMessage];
  response.resume();
  return response.statusCode;
}

it('reads a large body that is wanted', async () => {
  let body: Uint8Array | null = null;
  const status = await serveOnce(async (received) => {
    body = await readLargeBody(received, BODY.length);
    return new Response();
  });
  expect(status).toBe(200);
  expect(Buffer.compare(body!, BODY)).toBe(0);
});

it('frees each piece of a large body that is refused', async () => {
  const { promise: ended, resolve } = Promise.withResolvers<number[]>();
  const status = await serveOnce(async (_, incoming) => {
    const lengths: number[] = [];
    setImmediate(() => incoming.on('data', ({ length }: Buffer) => lengths.push(length)));
    incoming.once('end', () => resolve(lengths));
    return new Response(null, { status: 503 });
  });
  expect(status).toBe(503);
  const lengths = await ended;
  expect(lengths.length).toBeGreaterThan(10);
  expect(new Set(lengths)).toEqual(new Set([0]));
});
