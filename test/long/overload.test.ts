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
/** Beside what the server takes for itself and for its own worker threads. */
const MOST_MIB = 400;

/** Clients that ask for a search each, one after the other, without a pause: ten for each that can be served. */
it('under ten times the load that it can serve, memory stays bounded and refusals come at once', async () => {
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
  const ask = () => post(agent, server.url, key, body);
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
      const { status, retryAfter } = await ask();
      waits[status]!.push(performance.now() - start);
      if (status === 503) {
        expect(retryAfter).toBe('1');
        await sleep(20);
      }
    }
  });
  await Promise.all([...clients, watch]);
  expect((await ask()).status).toBe(200);
  agent.destroy();
  const { status, err } = await server.stop();
  const [served, refused] = [sorted(waits[200]!), sorted(waits[503]!)];
  console.log({
    served: served.length,
    refused: refused.length,
    'median ms to serve': at(served, 0.5),
    'median ms to refuse': at(refused, 0.5),
    '99 % refused within ms': at(refused, 0.99),
    'peak MiB': peak,
  });
  expect({ status, err }).toEqual({ status: 0, err: '' });
  expect(served.length).toBeGreaterThan(PERMITS);
  expect(refused.length).toBeGreaterThan(PERMITS);
  expect(at(refused, 0.99)).toBeLessThan(1_000);
  expect(peak).toBeLessThan(MOST_MIB);
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
