import type { ServerResponse } from 'node:http';
import type { Socket } from 'node:net';

/** What is said of a request that never became whole, by Node's code; any other code is a 400. */
export const REFUSALS = {
  ERR_HTTP_REQUEST_TIMEOUT: { status: 408, text: 'Request Timeout' },
  HPE_HEADER_OVERFLOW: { status: 431, text: 'Request Header Fields Too Large' },
} as const;

/** How long it is read on after the answer, in milliseconds. */
const LINGER_MS = 1_000;

/**
 * Answers what is no whole HTTP request, as Node itself would, and closes its connection. What the client still sends is
 * read for a moment and thrown away: a connection that is closed at once takes the answer with it (RFC 9112, 9.6).
 */
export function refuseConnection(error: NodeJS.ErrnoException, socket: Socket): void {
  if (socket.writableEnded) return; // It goes on sending.
  const { _httpMessage: answer } = socket as { _httpMessage?: ServerResponse | null };
  if (error.code === 'ECONNRESET' || !socket.writable || answer?.headersSent) {
    socket.destroy();
    return;
  }
  const known = Object.entries(REFUSALS).find(([code]) => code === error.code);
  const { status, text } = known?.[1] ?? { status: 400, text: 'Bad Request' };
  socket.end(`HTTP/1.1 ${status} ${text}\r\nConnection: close\r\n\r\n`);
  const late = setTimeout(() => socket.destroy(), LINGER_MS);
  socket.once('close', () => clearTimeout(late)).resume();
}
