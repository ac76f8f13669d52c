import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { getRequestListener } from '@hono/node-server';
import { createApp } from './app.ts';
import type { Config } from './config/config.ts';
import { ENDPOINTS } from './endpoints.ts';
import type { Endpoint } from './http/endpoint.ts';
import {
  BAD_REQUEST,
  CONNECT_REFUSED,
  refuseClientError,
  refuseConnection,
} from './http/refuse-connection.ts';
import { ingestThread } from './ingest/ingest-thread.ts';
import { ingestSettings } from './ingest/settings.ts';
import { serverUrl } from './lib/server-url.ts';
import { DAY_MS, SECOND_MS } from './lib/time-units.ts';
import { schedulePurge } from './retention/scheduled-purge.ts';
import { openStore } from './store/open-store.ts';
import type { Store } from './store/store.ts';
import type { Logger } from './telemetry/logger.ts';
import { createMetrics, type Metrics } from './telemetry/metrics.ts';
import { startTracing } from './telemetry/tracing.ts';
import { VERSION } from './version.ts';

export interface RunningServer {
  readonly store: Store;
  /** `http://host:port` */
  readonly url: string;
  /**
   * Stops gracefully: accepts no new connections, ends streams, finishes requests in flight, then closes the store. Takes
   * at most RELAYLOG_DRAIN_TIMEOUT_SECONDS plus 5 seconds.
   *
   * @throws Error if the store did not close in that time.
   */
  stop(): Promise<void>;
}

/** How long the store may take to close after the requests were drained, in milliseconds. */
export const CLOSE_MS = 5_000;
/** How often idle connections are closed while the server stops, in milliseconds. */
const SWEEP_MS = 50;

/** Adapts the app to a request listener of `node:http`. */
export function requestListener(app: ReturnType<typeof createApp>): RequestListener {
  const listener = getRequestListener(app.fetch);
  return (request, response) => {
    const coding = request.headers['transfer-encoding'];
    // Node reads any list that ends with `chunked`, and would give us the codings before it undecoded.
    if (coding !== undefined && coding.trim().toLowerCase() !== 'chunked') {
      refuseConnection(BAD_REQUEST, request.socket);
    } else void listener(request, response);
  };
}

/**
 * Opens the store and starts to listen.
 *
 * @throws RelaylogError UNAVAILABLE if the store cannot be opened; Error if the port is in use.
 */
export async function startServer(
  config: Config,
  logger: Logger,
  endpoints: readonly Endpoint[] = ENDPOINTS,
): Promise<RunningServer> {
  const store = await openStore(config.RELAYLOG_STORE_URL);
  const ingest = ingestThread(ingestSettings(config));
  const tracing = await startTracing(config.OTEL_EXPORTER_OTLP_ENDPOINT);
  const metrics = createMetrics(VERSION);
  const stopping = new AbortController();
  const app = createApp({
    config,
    store,
    ingest,
    logger,
    tracing,
    metrics,
    endpoints,
    stopping: stopping.signal,
    now: Date.now,
  });
  const { promise: listening, resolve, reject } = Promise.withResolvers<AddressInfo>();
  const requestMs = config.RELAYLOG_REQUEST_TIMEOUT_SECONDS * SECOND_MS;
  const server = createServer(
    {
      headersTimeout: requestMs / 3,
      requestTimeout: requestMs,
      keepAliveTimeout: requestMs,
      connectionsCheckingInterval: 500,
    },
    requestListener(app),
  );
  server.on('clientError', refuseClientError);
  server.on('connect', (_request, socket) => refuseConnection(CONNECT_REFUSED, socket as Socket));
  server.maxConnections = config.RELAYLOG_MAX_CONNECTIONS;
  server.listen(config.PORT, config.HOST, () => resolve(server.address() as AddressInfo));
  server.once('error', reject);
  const { port } = await listening.catch(async (error) => {
    await store.close();
    throw error;
  });
  const stopPurging = startPurging(config, store, logger, metrics);
  return {
    store,
    url: serverUrl(config.HOST, port),
    async stop() {
      const drainMs = config.RELAYLOG_DRAIN_TIMEOUT_SECONDS * SECOND_MS;
      const closed = new Promise((done) => server.close(done));
      stopping.abort();
      const sweep = setInterval(() => server.closeIdleConnections(), SWEEP_MS);
      const late = setTimeout(() => server.closeAllConnections(), drainMs);
      const tooLate = AbortSignal.timeout(drainMs + CLOSE_MS);
      await Promise.race([
        Promise.all([closed.then(connectionsClosed), stopPurging()])
          .then(() => ingest.close())
          .then(() => store.close())
          .then(() => tracing?.stop()),
        once(tooLate, 'abort').then(() => {
          throw new Error('The store did not close in time. No acknowledged log is lost.');
        }),
      ]);
      clearInterval(sweep);
      clearTimeout(late);
    },
  };
}

/**
 * Waits until the last connections have emitted `close`. They emit it at the end of the event loop turn, after the
 * server itself has closed; an aborted stream writes its log line then.
 */
async function connectionsClosed(): Promise<void> {
  await nextTurn();
  await nextTurn();
}

/** Starts the periodic purge. @returns a function that stops it. */
function startPurging(
  config: Config,
  store: Store,
  logger: Logger,
  metrics: Pick<Metrics, 'purgeDone'>,
): () => Promise<void> {
  if (config.RELAYLOG_PURGE_INTERVAL_SECONDS === 0) return async () => undefined;
  return schedulePurge(store, {
    plans: config.plans,
    grace: config.RELAYLOG_PURGE_GRACE_DAYS * DAY_MS,
    interval: config.RELAYLOG_PURGE_INTERVAL_SECONDS * SECOND_MS,
    now: Date.now,
    done: (purged) => {
      metrics.purgeDone('done');
      logger.info({ purged }, 'purged');
    },
    report: (error) => {
      metrics.purgeDone('failed');
      logger.error({ err: error }, 'purge failed');
    },
  });
}
