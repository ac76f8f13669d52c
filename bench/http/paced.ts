import { connect, type Socket } from 'node:net';
import { parseArgs } from 'node:util';
import { QUESTIONS, type QuestionName } from './question.ts';

/*
 * Asks one question at an even rate, whether answers come or not, over ten connections. Prints one line of JSON: median
 * and 99th percentile in milliseconds, each answer timed from when its question was due. (autocannon's own rate is a
 * burst at the start of each second, and its times are whole milliseconds.) It makes as little garbage as it can: what
 * stops it would count as the server's.
 */
const { values } = parseArgs({
  options: {
    url: { type: 'string' },
    key: { type: 'string' },
    question: { type: 'string' },
    seconds: { type: 'string' },
    rate: { type: 'string' },
  },
});
const CONNECTIONS = 10;
/** One question at a time is another load than ten at once, and V8 compiles anew for it, on the server's own cores. */
const WARM_MS = 4_000;
const LOOK_MS = 0.1;
const sleeper = new Int32Array(new SharedArrayBuffer(4));
const { hostname, port } = new URL(values.url!);
const { method, path, body = '' } = { body: undefined, ...QUESTIONS[values.question as QuestionName] };
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
  /** Bytes that are still to come; null: the header is not there yet. */
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
ask();

/** Looks ten times a millisecond, as no timer is so fine; asleep between, as the server needs the machine more. */
function ask(): void {
  Atomics.wait(sleeper, 0, 0, LOOK_MS);
  for (const now = performance.now(); due <= now && due < end; due += gap) {
    const connection = free.shift();
    if (connection === undefined) late.push(due);
    else send(connection, due);
  }
  if (due < end || free.length < CONNECTIONS) setImmediate(ask);
  else tell();
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

/** Bytes of header and body, by the first piece of an answer, which holds the header. */
function lengthOf(piece: Buffer): number {
  const header = piece.toString('latin1', 0, piece.indexOf('\r\n\r\n'));
  const length = /^content-length: (\d+)/im.exec(header)?.[1];
  if (!header.startsWith('HTTP/1.1 200') || length === undefined) throw new Error(`not an answer: ${header}`);
  return header.length + 4 + Number(length);
}

function tell(): void {
  const sorted = times.subarray(0, answers).sort();
  const at = (share: number) => sorted[Math.floor(answers * share)];
  console.log(JSON.stringify({ median: at(0.5), p99: at(0.99), answers }));
  process.exit(0);
}
