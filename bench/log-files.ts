import { createReadStream, createWriteStream } from 'node:fs';
import { finished } from 'node:stream/promises';
import { parseAccessLogLine } from '../src/ingest/access-log-line.ts';
import { readLines } from '../src/ingest/lines.ts';
import { liveLogs, type SentLog } from './live-logs.ts';

const PART = 1_000;
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** The files of the benchmark of imports. All have the same requests. */
export interface LogFiles {
  /** NDJSON, with request ids. */
  readonly ndjson: string;
  /** The combined format; every second line has a referer, which becomes a request header. */
  readonly combined: string;
  /** What the lines of `combined` say, as NDJSON. */
  readonly combinedAsNdjson: string;
}

/** Writes the files. */
export async function writeLogFiles(folder: string, count: number): Promise<LogFiles> {
  const names = ['ndjson', 'combined', 'combinedAsNdjson'] as const;
  const files = Object.fromEntries(names.map((name) => [name, `${folder}/${name}.log`]));
  const streams = names.map((name) => createWriteStream(files[name]!));
  for (let from = 0; from < count; from += PART) {
    const logs = liveLogs(from, Math.min(PART, count - from));
    const combined = logs.map(combinedLine);
    const texts = [logs.map(json), combined, combined.map(asNdjson)];
    for (const [i, stream] of streams.entries()) {
      if (!stream.write(`${texts[i]!.join('\n')}\n`)) await new Promise((next) => stream.once('drain', next));
    }
  }
  await Promise.all(streams.map((stream) => finished(stream.end())));
  return files as unknown as LogFiles;
}

/** The bodies of ingest requests that send a file of NDJSON. */
export async function bodiesOf(file: string, batch: number): Promise<Buffer[]> {
  const bodies: Buffer[] = [];
  let lines: Buffer[] = [];
  for await (const chunk of readLines(createReadStream(file))) {
    for (const { bytes, start, end } of chunk) {
      lines.push(bytes.subarray(start, end), NEWLINE);
      if (lines.length < batch * 2) continue;
      bodies.push(Buffer.concat(lines));
      lines = [];
    }
  }
  return lines.length === 0 ? bodies : [...bodies, Buffer.concat(lines)];
}

const NEWLINE = Buffer.from('\n');

function json(log: unknown): string {
  return JSON.stringify(log);
}

function asNdjson(line: string): string {
  const parsed = parseAccessLogLine(line, 'combined');
  if (!parsed.ok) throw new Error(parsed.reason);
  return json(parsed.input);
}

function combinedLine(
  { createdAt, ipAddress, method, path, statusCode, durationMs, userAgent }: SentLog,
  i: number,
) {
  const time = new Date(createdAt).toISOString();
  const month = MONTHS[Number(time.slice(5, 7)) - 1];
  const at = `${time.slice(8, 10)}/${month}/${time.slice(0, 4)}:${time.slice(11, 19)} +0000`;
  const referer = i % 2 === 0 ? '-' : 'https://www.example.com/things';
  return `${ipAddress} - - [${at}] "${method} ${path} HTTP/1.1" ${statusCode} ${durationMs! * 37} "${referer}" "${userAgent}"`;
}
