import type { ServerResponse } from 'node:http';
import type { Socket } from 'node:net';

/** Responses to requests that Node could not parse or read completely, by Node's error code; all other codes get 400. */
export const REFUSALS = {
  ERR_HTTP_REQUEST_TIMEOUT: { status: 408, text: 'Request Timeout' },
  HPE_HEADER_OVERFLOW: { status: 431, text: 'Request Header Fields Too Large' },
} as const;

/** How long the socket is read after the response, in milliseconds. */
const LINGER_MS = 1_000;

/**
 * Responds to an invalid or incomplete HTTP request, as Node does by default, and closes the connection. Data that the client
 * still sends is read for a short time and discarded: if the connection were closed immediately, the client might not receive
 * the response (RFC 9112, section 9.6).
 */
export function refuseConnection(error: NodeJS.ErrnoException, socket: Socket): void {
  if (socket.writableEnded) return; // Already refused; the client is still sending.
  const { _httpMessage: answer } = socket as { _httpMessage?: ServerResponse | null };
  if (error.code === 'ECONNRESET' || !socket.writable || answer?.headersSent) {
    socket.destroy();
    return;
  }
  const known = Object.entries(REFUSALS).find(([code]) => code === error.code);
  const { status, text } = known?.[1] ?? { status: 400, text: 'Bad Request' };
  socket.end(`HTTP/1.1 ${status} ${text}\r\nConnection: close\r\n\r\n`);
  const timer = setTimeout(() => socket.destroy(), LINGER_MS);
  socket.once('close', () => clearTimeout(timer)).resume();
}
