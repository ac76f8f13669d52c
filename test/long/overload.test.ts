import { readFileSync } from 'node:fs';
import { Agent, request } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { type Serving, serving, workFolder } from '../support/cli.ts';
import { HIGH_LIMITS } from '../support/with-high-limits.ts';
import { trials } from './trials.ts';

const SECONDS = trials('RELAYLOG_LONG_OVERLOAD_SECONDS', 10);
const PERMITS = 20;
const CLIENTS = 10 * PERMITS;
/** The limit of resident memory; it includes the memory of the idle server and its worker threads. */
const MAX_MIB = 400;

/** Each client sends one search after the other without a pause. There are ten clients for each permit. */
it('keeps memory bounded and rejects at once under ten times the load that it can serve', async () => {
  const server = await serving({
    folder: workFolder(),
    environment: {
      ...HIGH_LIMITS,
      RELAYLOG_MAX_REQUESTS_IN_FLIGHT: String(PERMITS),
      RELAYLOG_LOG_LEVEL: 'error',
    },
  });
  const [key] = /rlk_[\w-]{43}/.exec(server.out)!;
  const agent = new Agent({ keepAlive: true, maxSockets: CLIENTS });
  const body = JSON.stringify({
    query:
      '{ requestLogs(first: 100, filter: { search: "nothing like it" }) { totalCount nodes { id responseBody } } }',
  });
  const search = () => post(agent, server.url, key, body);
  const waits: Record<number, number[]> = { 200: [], 503: [] };
  const until = performance.now() + SECONDS * 1000;
  let peak = 0;
  const watch = (async () => {
    while (performance.now() < until) {
      peak = Math.max(peak, residentMib(server));
      await sleep(100);
    }
  })();
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
  await Promise.all([...clients, watch]);
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

function sorted(values: readonly number[]): number[] {
  return values.toSorted((a, b) => a - b);
}

function at(values: readonly number[], share: number): number {
  return Math.round(values[Math.floor((values.length - 1) * share)] ?? 0);
}
