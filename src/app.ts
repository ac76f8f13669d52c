import { Hono } from 'hono';
import { configuredAuthenticator } from './access/configured-authenticator.ts';
import type { Config } from './config/config.ts';
import { ENDPOINTS } from './endpoints.ts';
import { admit } from './http/admit.ts';
import { cancelOnDisconnect } from './http/cancel-on-disconnect.ts';
import { crossOrigin } from './http/cross-origin.ts';
import type { Endpoint } from './http/endpoint.ts';
import { labelsOf, mount } from './http/mount.ts';
import { observe } from './http/observe.ts';
import { StaticAssets } from './http/static-assets.ts';
import type { Ingest } from './ingest/ingest-thread.ts';
import { clientAddress } from './lib/client-address.ts';
import { memoized } from './lib/memoized.ts';
import { SECOND_MS } from './lib/time-units.ts';
import { configuredLimits } from './limits/configured-limits.ts';
import { MemoryBudget } from './limits/memory-budget.ts';
import { parameterValues } from './rest/parameters.ts';
import type { RollUpStatus } from './store/roll-ups/check.ts';
import type { Store } from './store/store.ts';
import { audited } from './telemetry/audit.ts';
import type { Logger } from './telemetry/logger.ts';
import { measured } from './telemetry/measured.ts';
import { createMetrics, type Metrics } from './telemetry/metrics.ts';
import { registerCacheMetrics } from './telemetry/store-caches.ts';
import type { Tracing } from './telemetry/tracing.ts';
import { VERSION } from './version.ts';

export interface AppParts {
  readonly config: Config;
  readonly store: Store;
  readonly ingest: Ingest;
  readonly logger: Logger;
  /** Default: null, no tracing. */
  readonly tracing?: Tracing | null;
  /** Default: new metrics. */
  readonly metrics?: Metrics;
  /** Default: `ENDPOINTS`. */
  readonly endpoints?: readonly Endpoint[];
  /** Aborted when the server begins to stop. Default: a signal that is never aborted. */
  readonly stopping?: AbortSignal;
  /** The current time in Unix milliseconds. */
  now(): number;
}

/** Builds the HTTP app, a fetch handler. `server.ts` binds it to a port; tests call it in process. */
export function createApp({
  config,
  store: ownStore,
  ingest: ownIngest,
  logger,
  tracing = null,
  metrics = createMetrics(VERSION),
  endpoints = ENDPOINTS,
  stopping = new AbortController().signal,
  now,
}: AppParts) {
  metrics.gauge('relaylog_ingest_batches_pending', () => ownIngest.pending);
  registerCacheMetrics(metrics, ownStore.caches);
  metrics.cache('parameter_values', parameterValues);
  const { system } = ownStore.capabilities;
  const store = cancelOnDisconnect(audited(measured(ownStore, system, metrics), logger));
  const report = (error: unknown, details?: object) =>
    logger.error({ err: error, ...details }, 'unexpected error');
  const bodyMemory = new MemoryBudget(config.RELAYLOG_MAX_BUFFERED_BODY_BYTES);
  metrics.gauge('relaylog_buffered_body_bytes', () => bodyMemory.used);
  metrics.gauge('relaylog_buffered_body_bytes_limit', () => config.RELAYLOG_MAX_BUFFERED_BODY_BYTES);
  metrics.gauge('relaylog_http_requests_in_flight_limit', () => config.RELAYLOG_MAX_REQUESTS_IN_FLIGHT);
  const rollUpStatus = (read: (status: RollUpStatus) => number) => () =>
    store.rollUpStatus().then(read, () => Number.NaN);
  metrics.gauge(
    'relaylog_roll_up_changed_hours',
    rollUpStatus(({ changedHours }) => changedHours),
  );
  metrics.gauge(
    'relaylog_roll_up_unfinished_organizations',
    rollUpStatus(({ unfinishedOrganizations }) => unfinishedOrganizations),
  );
  metrics.gauge('relaylog_store_up', () =>
    ownStore.ping().then(
      () => 1,
      () => 0,
    ),
  );

  const app = new Hono();
  const addressOf = clientAddress({
    networks: config.RELAYLOG_TRUSTED_PROXIES,
    header: config.RELAYLOG_FORWARDED_HEADER,
  });
  app.use(observe({ labelsOf: labelsOf(endpoints), logger, metrics, tracing, addressOf, now }));
  const origins = config.RELAYLOG_CORS_ORIGINS;
  if (origins.length > 0) for (const path of ['/graphql', '/v1/*']) app.use(path, crossOrigin(origins));
  app.use(
    admit({
      maxInFlight: config.RELAYLOG_MAX_REQUESTS_IN_FLIGHT,
      maxInFlightPerOrganization: config.RELAYLOG_MAX_REQUESTS_IN_FLIGHT_PER_ORGANIZATION,
      responseTimeoutMs: config.RELAYLOG_REQUEST_TIMEOUT_SECONDS * SECOND_MS,
    }),
  );
  mount(app, {
    config,
    store,
    ingest: measured(ownIngest, system, metrics),
    authenticator: configuredAuthenticator(config, store, metrics, report),
    limits: configuredLimits(config, store, metrics, report),
    bodyMemory,
    metrics,
    endpoints,
    assets: new StaticAssets(),
    stopping,
    cursorSecret: memoized(() => store.secret()),
    now,
    report,
  });
  app.notFound((c) =>
    c.json(
      { error: { code: 'NOT_FOUND', message: `No endpoint matches ${c.req.method} ${c.req.path}.` } },
      404,
    ),
  );
  app.onError((error, c) => {
    report(error);
    return c.json(
      { error: { code: 'INTERNAL_SERVER_ERROR', message: 'Something went wrong on our side.' } },
      500,
    );
  });
  return app;
}
