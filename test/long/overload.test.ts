import { execFile } from 'node:child_process';
import { readFileSync, statSync } from 'node:fs';
import { Agent, request } from 'node:http';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import { relaylog, type Serving, serving, workFolder } from '../support/cli.ts';
import { hostileBatches } from '../support/hostile-batches.ts';
import { HIGH_LIMITS } from '../support/with-high-limits.ts';
import type { Flood } from './flooding-clients.ts';
import { trials } from './trials.ts';

const SECONDS = trials('RELAYLOG_LONG_OVERLOAD_SECONDS', 60);
const PERMITS = 20;
const CLIENTS = 10 * PERMITS;
/** The limit of resident memory; it includes the memory of the idle server and its worker threads. */
const MAX_MIB = 400;

/** Each client sends one search after the other without a pause. There are ten clients for each permit. */
it('keeps memory bounded and rejects at once under ten times the load that it can serve', async () => {
  const { server, key } = await servingWith({ RELAYLOG_MAX_REQUESTS_IN_FLIGHT: String(PERMITS) });
  const agent = new Agent({ keepAlive: true, maxSockets: CLIENTS });
  const body = JSON.stringify({
    query:
      '{ requestLogs(first: 100, filter: { search: "nothing like it" }) { totalCount nodes { id responseBody } } }',
  });
  const search = () => post(agent, server.url, key, body);
  const waits: Record<number, number[]> = { 200: [], 503: [] };
  const until = performance.now() + SECONDS * 1000;
  const watch = watchMemory(server, until);
  const clients = Array.from({ length: CLIENTS }, async () => {
    while (performance.now() < until) {
      const start = performance.now();
      const { status, retryAfter } = await search();
      waits[status]!.push(performance.now() - start);
      if (status === 503) {
        expect(retryAfter).toBe('1');
        await sleep(20);
      }
    }
  });
  await Promise.all(clients);
  const peak = await watch;
  expect((await search()).status).toBe(200);
  agent.destroy();
  const { status, err } = await server.stop();
  const [served, rejected] = [sorted(waits[200]!), sorted(waits[503]!)];
  console.log({
    served: served.length,
    rejected: rejected.length,
    'median ms to serve': at(served, 0.5),
    'median ms to reject': at(rejected, 0.5),
    '99 % rejected within ms': at(rejected, 0.99),
    'peak MiB': peak,
  });
  expect({ status, err }).toEqual({ status: 0, err: '' });
  expect(served.length).toBeGreaterThan(PERMITS);
  expect(rejected.length).toBeGreaterThan(PERMITS);
  expect(at(rejected, 0.99)).toBeLessThan(1_000);
  expect(peak).toBeLessThan(MAX_MIB);
});

/** What one organization can make the server hold while it sends the largest batches without a pause. */
const MAX_FLOODED_MIB = 768;
/** The size of the `-wal` file that it can reach, although searches overlap without a gap. */
const MAX_WAL_MIB = 1_024;

it.each([
  ['the largest batches', { batches: 60, searches: 0, items: 40 }],
  ['the largest batches, with the most logs', { batches: 60, searches: 0, items: 14 }],
  ['the largest batches and searches', { batches: 60, searches: 200, items: 40 }],
])('serves others and keeps memory bounded while one organization floods it with %s', async (name, load) => {
  const { server, folder, key: flooder } = await servingWith();
  const quiet = await newKey(folder, 'quiet');
  const until = performance.now() + SECONDS * 1000;
  const flood: Flood = { url: server.url, key: flooder, bytes: 10_400_000, seconds: SECONDS, ...load };
  const flooding = promisify(execFile)(process.execPath, [FLOODING_CLIENTS, JSON.stringify(flood)]);
  const watch = watchMemory(server, until);
  const watchWal = watchPeak(() => walMib(folder), until);
  const waits = { batch: [] as number[], livez: [] as number[] };
  for (let i = 0; performance.now() < until; i++) {
    const start = performance.now();
    const body = JSON.stringify([{ ...LOG, requestId: `quiet${i}`, createdAt: Date.now() }]);
    const headers = { 'x-api-key': quiet, 'content-type': 'application/json' };
    const response = await fetch(`${server.url}/ingest/v1/request-logs`, { method: 'POST', headers, body });
    expect(await response.json()).toMatchObject({ stored: 1 });
    waits.batch.push(performance.now() - start);
    const asked = performance.now();
    expect((await fetch(`${server.url}/livez`)).status).toBe(200);
    waits.livez.push(performance.now() - asked);
    await sleep(50);
  }
  const answers: Record<string, number> = JSON.parse((await flooding).stdout);
  const peak = await watch;
  const walPeak = await watchWal;
  const { status, err } = await server.stop();
  // The first batch starts the threads of ingest.
  const [first, ...others] = waits.batch;
  const [batch, livez] = [sorted(others), sorted(waits.livez)];
  console.log(name, {
    ...answers,
    "another organization's batches": batch.length,
    'wait of the first one in ms': Math.round(first!),
    'median, 95 %, longest wait of the others in ms': [at(batch, 0.5), at(batch, 0.95), at(batch, 1)],
    'median, 95 %, longest wait for /livez in ms': [at(livez, 0.5), at(livez, 0.95), at(livez, 1)],
    'peak MiB': peak,
    'peak MiB of the -wal file': walPeak,
  });
  expect({ status, err }).toEqual({ status: 0, err: '' });
  expect(answers['/ingest/v1/request-logs 200']).toBeGreaterThan(0);
  expect(Object.keys(answers).filter((answer) => answer.includes('without'))).toEqual([]);
  expect(at(batch, 0.95)).toBeLessThan(1_000);
  expect(at(livez, 0.5)).toBeLessThan(1_000);
  expect(peak).toBeLessThan(MAX_FLOODED_MIB);
  expect(walPeak).toBeLessThan(MAX_WAL_MIB);
});

/** Without a second start, glibc keeps the freed memory of large bodies. */
const MAX_AFTER_ONE_START_MIB = 480;
const NEEDS_OPEN_FILE = { OF_A_SHELL: '/dev/fd/3' };

it.each([
  ['', {}, MAX_MIB],
  [' without a second start', NEEDS_OPEN_FILE, MAX_AFTER_ONE_START_MIB],
])('keeps memory bounded%s whatever a batch holds, two of them at a time', async (_, environment, maxMib) => {
  const { server, key } = await servingWith(environment);
  const peaks: Record<string, number> = {};
  for (const { name, body, type, gzip, status } of hostileBatches(10_485_760, Date.now())) {
    const stopped = { is: false };
    const watch = watchMemory(server, Infinity, stopped);
    const headers = { 'x-api-key': key, 'content-type': type, ...(gzip && { 'content-encoding': 'gzip' }) };
    const answers = await Promise.all(
      Array.from({ length: 2 }, () =>
        fetch(`${server.url}/ingest/v1/request-logs`, { method: 'POST', headers, body }),
      ),
    );
    for (const answer of answers) {
      expect({ name, status: answer.status }).toEqual({ name, status });
      await answer.arrayBuffer();
    }
    stopped.is = true;
    peaks[name] = await watch;
  }
  console.log('peak MiB', peaks);
  expect((await server.stop()).err).toBe('');
  expect(Math.max(...Object.values(peaks))).toBeLessThan(maxMib);
});

const FLOODING_CLIENTS = fileURLToPath(new URL('./flooding-clients.ts', import.meta.url));
const LOG = { method: 'GET', path: '/', statusCode: 200 };

interface ServingApp {
  readonly server: Serving;
  readonly folder: string;
  /** Of the demo's organization. */
  readonly key: string;
}

async function servingWith(environment: Record<string, string> = {}): Promise<ServingApp> {
  const folder = workFolder();
  const server = await serving({
    folder,
    environment: { ...HIGH_LIMITS, RELAYLOG_LOG_LEVEL: 'error', ...environment },
  });
  const [key] = /rlk_[\w-]{43}/.exec(server.out)!;
  return { server, folder, key };
}

async function newKey(folder: string, organization: string): Promise<string> {
  const options = { folder, environment: { RELAYLOG_DEMO: 'off' } };
  await relaylog(['orgs', 'create', organization, '--plan', 'archive'], options);
  const { out } = await relaylog(
    ['keys', 'create', '--org', organization, '--scopes', 'logs:write', '--json'],
    options,
  );
  return JSON.parse(out).key;
}

/** The most resident memory until that time, or until it is stopped. */
function watchMemory(server: Serving, until: number, stopped = { is: false }): Promise<number> {
  return watchPeak(() => residentMib(server), until, stopped);
}

async function watchPeak(read: () => number, until: number, stopped = { is: false }): Promise<number> {
  let peak = 0;
  while (performance.now() < until && !stopped.is) {
    peak = Math.max(peak, read());
    await sleep(20);
  }
  return peak;
}

function post(agent: Agent, url: string, key: string, body: string) {
  return new Promise<{ status: number; retryAfter: string | undefined }>((resolve, reject) => {
    const headers = { 'x-api-key': key, 'content-type': 'application/json' };
    const sent = request(`${url}/graphql`, { agent, method: 'POST', headers }, (response) => {
      response.resume();
      const retryAfter = response.headers['retry-after'];
      response.on('end', () => resolve({ status: response.statusCode!, retryAfter }));
    });
    sent.on('error', reject);
    sent.end(body);
  });
}

function residentMib({ child }: Serving): number {
  const [, kib] = /^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${child.pid}/status`, 'utf8'))!;
  return Math.round(Number(kib) / 1024);
}

function walMib(folder: string): number {
  return Math.round(statSync(join(folder, 'data/relaylog.db-wal')).size / 2 ** 20);
}

function sorted(values: readonly number[]): number[] {
  return values.toSorted((a, b) => a - b);
}

function at(values: readonly number[], share: number): number {
  return Math.round(values[Math.floor((values.length - 1) * share)] ?? 0);
}
