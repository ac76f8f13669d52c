import type { ServerResponse } from 'node:http';
import type { Socket } from 'node:net';

/** Errors of Node's HTTP parser and timers that are answered with a status of their own; any other is a 400. */
const STATUS: Readonly<Record<string, string>> = {
  ERR_HTTP_REQUEST_TIMEOUT: '408 Request Timeout',
  HPE_CHUNK_EXTENSIONS_OVERFLOW: '413 Content Too Large',
  HPE_HEADER_OVERFLOW: '431 Request Header Fields Too Large',
};

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
  socket.end(`HTTP/1.1 ${STATUS[error.code ?? ''] ?? '400 Bad Request'}\r\nConnection: close\r\n\r\n`);
  const late = setTimeout(() => socket.destroy(), LINGER_MS);
  socket.once('close', () => clearTimeout(late)).resume();
}
