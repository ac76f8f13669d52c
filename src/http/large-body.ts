import type { IncomingMessage } from 'node:http';
import { freeMemory } from '../lib/free-memory.ts';

/** Bodies of this size are usually received in one piece. */
const SMALL = 65_536;

const sources = new WeakMap<Request, IncomingMessage>();

/**
 * Answers a request of `node:http`, and lets `readLargeBody` read its body from where it arrives. If the answer comes before a
 * large body was read, such as that to a refused one, the memory of each piece that still arrives is freed at once: the garbage
 * of refused bodies would take 80 MiB in a flood of them.
 */
export function answerReceived(
  request: Request,
  incoming: IncomingMessage,
  answer: () => Response | Promise<Response>,
): Response | Promise<Response> {
  if (Number(incoming.headers['content-length'] ?? 0) <= SMALL) return answer();
  sources.set(request, incoming);
  return Promise.resolve(answer()).finally(() => {
    if (!incoming.readableDidRead && !hasReader(incoming)) incoming.on('data', freeMemory);
  });
}

/**
 * Reads a large body piece by piece into memory of its length. `Request.arrayBuffer` of `@hono/node-server` would make two
 * copies of the whole body, and keep one of them until the response.
 *
 * @param length the Content-Length of the request; the parser of `node:http` reads no more.
 * @returns null if the body is not a large one of `node:http`, or was begun to be read: then it must be read from the request.
 * @throws Error if the client disconnects before it has sent the whole body.
 */
export function readLargeBody(request: Request, length: number): Promise<Uint8Array> | null {
  const incoming = sources.get(request);
  if (incoming === undefined || incoming.readableDidRead || incoming.destroyed) return null;
  // Memory of its own, so that it can be moved to a thread.
  const bytes = new Uint8Array(length);
  const { promise, resolve, reject } = Promise.withResolvers<Uint8Array>();
  const isShared = hasReader(incoming);
  let received = 0;
  const take = (chunk: Uint8Array) => {
    bytes.set(chunk, received);
    received += chunk.length;
    if (!isShared) freeMemory(chunk);
  };
  const close = () => {
    // A client may have sent everything and disconnected.
    const rest: Buffer | null = incoming.complete ? incoming.read() : null;
    if (rest !== null) take(rest);
    if (received === length) resolve(bytes);
    else reject(new Error('The client disconnected.'));
  };
  incoming.on('data', take);
  incoming.once('end', () => resolve(bytes));
  incoming.once('error', close);
  incoming.once('close', close);
  return promise;
}

/** A server that embeds the app may collect bodies too. Then their pieces are not ours to free. */
function hasReader(incoming: IncomingMessage): boolean {
  return incoming.listenerCount('data') > 0;
}
