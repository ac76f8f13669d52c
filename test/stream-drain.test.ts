import { join } from 'node:path';
import { beforeEach, expect, it } from 'vitest';
import { newApiKey } from '../src/access/api-key.ts';
import { ENDPOINTS } from '../src/endpoints.ts';
import { openGateway } from '../src/gateway.ts';
import type { Endpoint } from '../src/http/endpoint.ts';
import { finishDeferred } from '../src/lib/deferred.ts';
import { SCRIP } from '../src/rest/scrip/vendor.ts';
import { type RunningServer, startServer } from '../src/server.ts';
import { createLogger } from '../src/telemetry/logger.ts';
import { workFolder } from './support/cli.ts';
import { HIGH_LIMITS } from './support/with-high-limits.ts';

const DRAIN_MS = 2_000;

/** An endpoint that sends one chunk and then nothing. @param endsOnStop whether the stream ends when the server stops. */
const streaming = (path: string, endsOnStop: boolean): Endpoint => ({
  protocol: SCRIP,
  scope: 'logs:read',
  methods: ['GET'],
  path,
  description: 'A stream for this test',
  streams: true,
  open:
    ({ stopping }) =>
    async () =>
      new Response(
        new ReadableStream<Uint8Array>({
          start(controller) {
            controller.enqueue(new TextEncoder().encode('one'));
            if (endsOnStop) stopping.addEventListener('abort', () => controller.close());
          },
        }),
      ),
});

let server: RunningServer;
let key: string;
let atStop: object[];
const raw: string[] = [];
beforeEach(async () => {
  raw.length = 0;
  const variables = {
    ...HIGH_LIMITS,
    PORT: '0',
    RELAYLOG_STORE_URL: `sqlite:${join(workFolder(), 'store.db')}`,
    RELAYLOG_DRAIN_TIMEOUT_SECONDS: String(DRAIN_MS / 1000),
  };
  const logger = createLogger('info', { write: (line: string) => raw.push(line) });
  const endpoints = [streaming('/ends', true), streaming('/hangs', false), ...ENDPOINTS];
  const gateway = await openGateway(variables, { logger, endpoints });
  server = await startServer(gateway);
  await gateway.store.createOrganization({ id: 'acme', plan: 'pro', createdAt: 0 });
  const made = newApiKey({ organizationId: 'acme', scopes: ['logs:read'], expiresAt: null }, 0);
  await gateway.store.createKey(made.record);
  key = made.key;
});

const open = async (path: string) => {
  const response = await fetch(`${server.url}${path}`, { headers: { 'x-api-key': key } });
  const reader = response.body!.getReader();
  await reader.read();
  return reader;
};
/** Stops the server. Returns the elapsed milliseconds. */
const stop = async () => {
  const start = performance.now();
  await server.stop();
  // The process exits at this point, so lines that are not written yet would be lost.
  atStop = lines();
  return performance.now() - start;
};
const lines = () => {
  finishDeferred();
  return raw.map((line) => JSON.parse(line)).filter(({ msg }) => msg === 'request');
};

it('a stream that ends when the server stops does not delay the stop, and its client sees the end', async () => {
  const reader = await open('/ends');
  const read = reader.read();
  expect(await stop()).toBeLessThan(DRAIN_MS / 2);
  expect((await read).done).toBe(true);
  expect(atStop).toMatchObject([{ operation: '/ends', code: 'OK', status: 200 }]);
});

it('a stream that does not end is aborted after the drain timeout, and is logged', async () => {
  const reader = await open('/hangs');
  const read = reader.read().then(
    () => 'read',
    () => 'aborted',
  );
  const ms = await stop();
  expect(ms).toBeGreaterThan(DRAIN_MS - 100);
  expect(ms).toBeLessThan(DRAIN_MS + 2_000);
  expect(await read).toBe('aborted');
  expect(atStop).toMatchObject([{ operation: '/hangs', code: 'CLIENT_CLOSED_REQUEST', status: 200 }]);
  expect(raw.filter((line) => line.includes('unexpected error'))).toEqual([]);
});
