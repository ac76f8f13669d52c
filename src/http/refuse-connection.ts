import { maxHeaderSize, type ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { ErrorCode } from '../log/errors.ts';

interface Refusal {
  readonly status: number;
  readonly text: string;
  readonly code: ErrorCode;
  readonly message: string;
}

/** Responses to requests that Node could not parse or read completely, by Node's error code; all other codes get 400. */
export const REFUSALS = {
  ERR_HTTP_REQUEST_TIMEOUT: {
    status: 408,
    text: 'Request Timeout',
    code: 'BAD_USER_INPUT',
    message: 'The request was not received completely within the time limit.',
  },
  HPE_HEADER_OVERFLOW: {
    status: 431,
    text: 'Request Header Fields Too Large',
    code: 'BAD_USER_INPUT',
    message: `The request line and the headers have more than ${maxHeaderSize} bytes.`,
  },
} as const satisfies Record<string, Refusal>;
export const CONNECT_REFUSED: Refusal = {
  status: 405,
  text: 'Method Not Allowed',
  code: 'METHOD_NOT_ALLOWED',
  message: 'Relaylog is not a proxy and does not accept CONNECT.',
};
export const BAD_REQUEST: Refusal = {
  status: 400,
  text: 'Bad Request',
  code: 'BAD_USER_INPUT',
  message: 'The request is not well-formed HTTP/1.1.',
};

/** How long the socket is read after the response, in milliseconds. */
const LINGER_MS = 1_000;

/** Answers a request that Node could not parse, and closes its connection. The API is not known, so neither is its format. */
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
export function refuseConnection({ status, text, code, message }: Refusal, socket: Socket): void {
  if (socket.writableEnded) return; // The client is still sending after our answer.
  const { _httpMessage: answer } = socket as { _httpMessage?: ServerResponse | null };
  if (!socket.writable || answer?.headersSent) {
    socket.destroy();
    return;
  }
  const body = JSON.stringify({ error: { code, message } });
  const head = [
    `HTTP/1.1 ${status} ${text}`,
    'Content-Type: application/json',
    `Content-Length: ${Buffer.byteLength(body)}`,
    'Connection: close',
  ];
  socket.end(`${head.join('\r\n')}\r\n\r\n${body}`);
  const timer = setTimeout(() => socket.destroy(), LINGER_MS);
  socket.once('close', () => clearTimeout(timer)).resume();
}
