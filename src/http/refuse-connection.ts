import type { ServerResponse } from 'node:http';
import type { Socket } from 'node:net';

/** Responses to requests that Node could not parse or read completely, by Node's error code; all other codes get 400. */
export const REFUSALS = {
  ERR_HTTP_REQUEST_TIMEOUT: { status: 408, text: 'Request Timeout' },
  HPE_HEADER_OVERFLOW: { status: 431, text: 'Request Header Fields Too Large' },
} as const;
/** Relaylog is not a proxy. */
export const CONNECT_REFUSED = { status: 405, text: 'Method Not Allowed' } as const;
export const BAD_REQUEST = { status: 400, text: 'Bad Request' } as const;
type Refusal = { readonly status: number; readonly text: string };

/** How long the socket is read after the response, in milliseconds. */
const LINGER_MS = 1_000;

/** Answers a request that Node could not parse, and closes its connection. */
export function refuseClientError(error: NodeJS.ErrnoException, socket: Socket): void {
  if (error.code === 'ECONNRESET') {
    socket.destroy();
    return;
  }
  const known = Object.entries(REFUSALS).find(([code]) => code === error.code);
  refuseConnection(known?.[1] ?? BAD_REQUEST, socket);
}

/**
 * Answers without an app, and closes the connection. What the client still sends is read for a moment and dropped: a
 * connection that is closed at once takes the answer with it (RFC 9112, 9.6).
 */
export function refuseConnection({ status, text }: Refusal, socket: Socket): void {
  if (socket.writableEnded) return; // The client is still sending after our answer.
  const { _httpMessage: answer } = socket as { _httpMessage?: ServerResponse | null };
  if (!socket.writable || answer?.headersSent) {
    socket.destroy();
    return;
  }
  socket.end(`HTTP/1.1 ${status} ${text}\r\nConnection: close\r\n\r\n`);
  const timer = setTimeout(() => socket.destroy(), LINGER_MS);
  socket.once('close', () => clearTimeout(timer)).resume();
}
