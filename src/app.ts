import { Hono } from 'hono';
import { accessControl } from './access/access-control.ts';
import { type Config, graphqlSettings, ingestSettings } from './config/config.ts';
import { graphqlEndpoint } from './graphql/endpoint.ts';
import { admit } from './http/admit.ts';
import { forClient } from './http/cancel-on-disconnect.ts';
import { crossOrigin } from './http/cross-origin.ts';
import { metricsResponse } from './http/metrics-response.ts';
import { observe } from './http/observe.ts';
import { MemoryBudget } from './http/read-body.ts';
import type { Ingest } from './ingest/ingest-thread.ts';
import { RelaylogError } from './log/errors.ts';
import { ingestResponse } from './rest/ingest/endpoint.ts';
import { openApiDocument } from './rest/openapi.ts';
import { parameterValues } from './rest/parameters.ts';
import { scripLog, scripLogs } from './rest/scrip/endpoints.ts';
import { SCRIP } from './rest/scrip/vendor.ts';
import { shimResponse } from './rest/shim.ts';
import { signaLog, signaLogs } from './rest/signa/endpoints.ts';
import { SIGNA } from './rest/signa/vendor.ts';
import type { Store } from './store/store.ts';
import { audited } from './telemetry/audit.ts';
import type { Logger } from './telemetry/logger.ts';
import { measured } from './telemetry/measured.ts';
import { createMetrics } from './telemetry/metrics.ts';
import { showCaches } from './telemetry/store-caches.ts';
import type { Tracing } from './telemetry/tracing.ts';

export interface AppParts {
  readonly config: Config;
  readonly store: Store;
  readonly ingest: Ingest;
  readonly logger: Logger;
  /** Null, or none: no traces. */
  readonly tracing?: Tracing | null;
  /** Unix milliseconds. */
  now(): number;
}

/** The whole HTTP app, fetch in and fetch out; `main.ts` gives it a port and tests call it in process. */
export function createApp({
  config,
  store: ownStore,
  ingest: ownIngest,
  logger,
  tracing = null,
  now,
}: AppParts) {
  const metrics = createMetrics();
  metrics.gauge(
    'relaylog_ingest_batches_pending',
    'Batches that wait or are being stored.',
    () => ownIngest.pending,
  );
  showCaches(metrics, ownStore.caches);
  metrics.cache(
    'relaylog_parameter_values',
    'Values of query parameters that are remembered.',
    parameterValues,
  );
  const store = forClient(audited(measured(ownStore, metrics), logger));
  const ingest = measured(ownIngest, metrics);
  const report = (error: unknown, details?: object) =>
    logger.error({ err: error, ...details }, 'unexpected error');
  const parts = {
    store,
    ...accessControl(config, store, metrics, report),
    cursorSecret: onceDone(() => store.secret()),
    now,
    report,
  };
  const bodyMemory = new MemoryBudget(config.RELAYLOG_MAX_BUFFERED_BODY_BYTES);
  metrics.gauge(
    'relaylog_buffered_body_bytes',
    'Bytes of request bodies that are held.',
    () => bodyMemory.used,
  );
  const ingestParts = { ...parts, ingest, maxBytes: config.RELAYLOG_INGEST_MAX_BYTES, bodyMemory };
  const graphql = graphqlEndpoint(
    { ...parts, metrics, maxBytes: config.RELAYLOG_GRAPHQL_MAX_BYTES, bodyMemory },
    graphqlSettings(config),
  );
  let openApi: object | undefined;

  const app = new Hono();
  app.use(observe({ logger, metrics, tracing, now }));
  const origins = config.RELAYLOG_CORS_ORIGINS;
  if (origins.length > 0) for (const path of ['/graphql', '/v1/*']) app.use(path, crossOrigin(origins));
  app.use(
    admit({
      maxInFlight: config.RELAYLOG_MAX_REQUESTS_IN_FLIGHT,
      maxOfOrganization: config.RELAYLOG_MAX_REQUESTS_IN_FLIGHT_PER_ORGANIZATION,
      answerMs: config.RELAYLOG_REQUEST_TIMEOUT_SECONDS * 1000,
    }),
  );
  app.all('/graphql', (c) => graphql(c.req.raw));
  app.get('/v1/logs', (c) => shimResponse(c.req.raw, SCRIP, parts, scripLogs));
  app.get('/v1/logs/:id', (c) =>
    shimResponse(c.req.raw, SCRIP, parts, (call) => scripLog(call, c.req.param('id'))),
  );
  app.get('/v1/organization/logs', (c) => shimResponse(c.req.raw, SIGNA, parts, signaLogs));
  app.get('/v1/organization/logs/:id', (c) =>
    shimResponse(c.req.raw, SIGNA, parts, (call) => signaLog(call, c.req.param('id'))),
  );
  // Below a vendor's paths, even nothing is said in the vendor's shape.
  app.all('/v1/logs/*', (c) => shimResponse(c.req.raw, SCRIP, parts, nothingThere));
  app.all('/v1/organization/logs/*', (c) => shimResponse(c.req.raw, SIGNA, parts, nothingThere));
  app.post('/ingest/v1/request-logs', (c) => ingestResponse(c.req.raw, ingestParts));
  app.get('/openapi.json', (c) => {
    openApi ??= openApiDocument(ingestSettings(config).limits);
    return c.json(openApi);
  });
  app.get('/metrics', (c) => metricsResponse(c.req.raw, metrics, config.RELAYLOG_METRICS_TOKEN));
  app.get('/livez', (c) => c.text('ok\n'));
  app.get('/readyz', async (c) => {
    try {
      await store.ping();
      return c.text('ok\n');
    } catch (error) {
      return c.text(
        `${error instanceof RelaylogError ? error.message : 'The log store cannot answer.'}\n`,
        503,
      );
    }
  });
  app.notFound((c) =>
    c.json(
      { error: { code: 'NOT_FOUND', message: `There is nothing at ${c.req.method} ${c.req.path}.` } },
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

async function nothingThere({ url }: { readonly url: URL }): Promise<never> {
  throw new RelaylogError('NOT_FOUND', `There is nothing at ${url.pathname} for this method.`);
}

/** Calls until one call succeeds, and keeps what that gave. */
function onceDone<T>(call: () => Promise<T>): () => Promise<T> {
  let done: Promise<T> | undefined;
  return () => {
    done ??= call().catch((error) => {
      done = undefined;
      throw error;
    });
    return done;
  };
}
