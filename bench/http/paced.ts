import { connect, type Socket } from 'node:net';
import { parseArgs } from 'node:util';
import { REQUESTS, type RequestName } from './requests.ts';

/*
 * Sends one request at a constant rate over ten connections, whether or not responses arrive. Prints one line of JSON:
 * median and 99th percentile in milliseconds, each response measured from the time when its request was due. (autocannon
 * sends its rate as a burst at the start of each second and measures whole milliseconds.) Allocates as little as possible,
 * because pauses of this process would count as the server's.
 */
const { values } = parseArgs({
  options: {
    url: { type: 'string' },
    key: { type: 'string' },
    request: { type: 'string' },
    seconds: { type: 'string' },
    rate: { type: 'string' },
  },
});
const CONNECTIONS = 10;
/** A single request at a time is a different load than ten at once, and V8 recompiles for it on the server's cores. */
const WARM_MS = 4_000;
const POLL_MS = 0.1;
const sleeper = new Int32Array(new SharedArrayBuffer(4));
const { hostname, port } = new URL(values.url!);
const { method, path, body = '' } = { body: undefined, ...REQUESTS[values.request as RequestName] };
const request = Buffer.from(
  [
    `${method} ${path} HTTP/1.1`,
    `host: ${hostname}:${port}`,
    `authorization: Bearer ${values.key}`,
    'content-type: application/json',
    `content-length: ${Buffer.byteLength(body)}`,
    `\r\n${body}`,
  ].join('\r\n'),
);

interface Connection {
  readonly socket: Socket;
  due: number;
  /** Bytes of the response that have not arrived yet; null before the header has arrived. */
  missing: number | null;
}

const free: Connection[] = [];
const late: number[] = [];
const times = new Float64Array(Math.ceil(Number(values.seconds) * Number(values.rate)) + 1);
let answers = 0;
for (let i = 0; i < CONNECTIONS; i++) free.push(opened());
const start = performance.now() + 100;
const end = start + WARM_MS + Number(values.seconds) * 1000;
const gap = 1000 / Number(values.rate);
let due = start;
sendDue();

/** Sends what is due, every tenth of a millisecond. No timer is that precise, so the thread sleeps in between, which leaves the CPU to the server. */
function sendDue(): void {
  Atomics.wait(sleeper, 0, 0, POLL_MS);
  for (const now = performance.now(); due <= now && due < end; due += gap) {
    const connection = free.shift();
    if (connection === undefined) late.push(due);
    else send(connection, due);
  }
  if (due < end || free.length < CONNECTIONS) setImmediate(sendDue);
  else printResult();
}

function opened(): Connection {
  const buffer = Buffer.alloc(65_536);
  const onread = {
    buffer,
    callback(length: number) {
      read(connection, buffer, length);
      return true;
    },
  };
  const socket = connect({ port: Number(port), host: hostname, noDelay: true, onread });
  const connection: Connection = { socket, due: 0, missing: null };
  socket.on('close', () => {
    if (due < end) throw new Error('the server closed a connection');
  });
  return connection;
}

function read(connection: Connection, buffer: Buffer, length: number): void {
  connection.missing ??= lengthOf(buffer);
  connection.missing -= length;
  if (connection.missing > 0) return;
  if (connection.due >= start + WARM_MS) times[answers++] = performance.now() - connection.due;
  const next = late.shift();
  if (next === undefined) free.push(connection);
  else send(connection, next);
}

function send(connection: Connection, at: number): void {
  connection.due = at;
  connection.missing = null;
  connection.socket.write(request);
}

/** Bytes of header and body, from the first chunk of a response, which contains the whole header. */
function lengthOf(chunk: Buffer): number {
  const header = chunk.toString('latin1', 0, chunk.indexOf('\r\n\r\n'));
  const length = /^content-length: (\d+)/im.exec(header)?.[1];
  if (!header.startsWith('HTTP/1.1 200') || length === undefined)
    throw new Error(`unexpected response: ${header}`);
  return header.length + 4 + Number(length);
}

function printResult(): void {
  const sorted = times.subarray(0, answers).sort();
  const at = (share: number) => sorted[Math.floor(answers * share)];
  console.log(JSON.stringify({ median: at(0.5), p99: at(0.99), answers }));
  process.exit(0);
}
