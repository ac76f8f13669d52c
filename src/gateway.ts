import { IncomingMessage, type RequestListener } from 'node:http';
import { getRequestListener } from '@hono/node-server';
import { type AppParts, createApp } from './app.ts';
import { ROLL_UPS, scheduleWork, TEXT_INDEX } from './background/scheduled-work.ts';
import { type Config, loadConfig, type VariableName } from './config/config.ts';
import { unknownVariables } from './config/unknown-variables.ts';
import { answerReceived } from './http/large-body.ts';
import { BAD_REQUEST, refuseConnection } from './http/refuse-connection.ts';
import { ingestThread } from './ingest/ingest-thread.ts';
import { ingestSettings } from './ingest/settings.ts';
import { DAY_MS, SECOND_MS } from './lib/time-units.ts';
import { schedulePurge } from './retention/scheduled-purge.ts';
import { openStore } from './store/open-store.ts';
import type { Store } from './store/store.ts';
import { createLogger, type Logger } from './telemetry/logger.ts';
import { createMetrics, type Metrics } from './telemetry/metrics.ts';
import { startTracing } from './telemetry/tracing.ts';
import { VERSION } from './version.ts';

/** Environment variables of Relaylog; see `docs/configuration.md`. Others are ignored, so `process.env` is accepted. */
export type GatewayVariables = {
  readonly [name in VariableName | `${VariableName}_FILE`]?: string | undefined;
};

export interface GatewayOptions extends Pick<AppParts, 'endpoints'> {
  /** Receives the log lines. Default: JSON lines on standard error, from `RELAYLOG_LOG_LEVEL` up. */
  readonly logger?: Logger;
}

/** Relaylog without a port: serve it from a server of your own. */
export interface Gateway {
  readonly config: Config;
  readonly store: Store;
  readonly logger: Logger;
  /**
   * Answers a request. It never throws.
   *
   * @param env if it is `{ incoming }`, with the request of `node:http`, Relaylog knows the client's address.
   */
  fetch(request: Request, env?: object): Response | Promise<Response>;
  /** Answers a request of `node:http`. */
  readonly listener: RequestListener;
  /** Ends the responses that are streamed, so that their connections can close. Later streams end at once. */
  endStreams(): void;
  /**
   * Ends the streams, the purge and the building of roll-ups, then closes the store. Call it when no more requests are in
   * flight: those that still are fail with UNAVAILABLE.
   */
  close(): Promise<void>;
}

/**
 * Opens the store and the ingest thread, builds roll-ups and, if configured, purges periodically and traces.
 *
 * @param variables the configuration, in the form of environment variables, such as `{ RELAYLOG_STORE_URL: 'sqlite:logs.db' }`.
 * @throws Error if a variable is invalid; RelaylogError UNAVAILABLE if the store cannot be opened.
 */
export async function openGateway(
  variables: GatewayVariables,
  { logger: ownLogger, ...options }: GatewayOptions = {},
): Promise<Gateway> {
  const config = loadConfig(variables);
  const logger = ownLogger ?? createLogger(config.RELAYLOG_LOG_LEVEL);
  for (const warning of unknownVariables(variables)) logger.warn(warning);
  const store = await openStore(config.RELAYLOG_STORE_URL);
  try {
    return await gatewayOn(store, { config, logger, ...options });
  } catch (error) {
    await store.close();
    throw error;
  }
}

async function gatewayOn(
  store: Store,
  { config, logger, ...options }: Pick<AppParts, 'config' | 'logger' | 'endpoints'>,
): Promise<Gateway> {
  const ingest = ingestThread(ingestSettings(config));
  const tracing = await startTracing(config.OTEL_EXPORTER_OTLP_ENDPOINT);
  const metrics = createMetrics(VERSION);
  const stopping = new AbortController();
  const parts = { config, store, ingest, logger, tracing, metrics, now: Date.now };
  const app = createApp({ ...parts, ...options, stopping: stopping.signal });
  const stopPurging = startPurging(config, store, logger, metrics);
  const stopWork = startWork(store, logger, metrics);
  return {
    config,
    store,
    logger,
    fetch: (request, env) => app.fetch(request, env),
    listener: requestListener(app),
    endStreams: () => stopping.abort(),
    async close() {
      stopping.abort();
      await stopPurging();
      await stopWork();
      await ingest.close();
      await store.close();
      await tracing?.stop();
    },
  };
}

/** Adapts the app to a request listener of `node:http`. */
export function requestListener(app: ReturnType<typeof createApp>): RequestListener {
  const listener = getRequestListener((request, env) => {
    if (!('incoming' in env) || !(env.incoming instanceof IncomingMessage)) return app.fetch(request, env);
    return answerReceived(request, env.incoming, () => app.fetch(request, env));
  });
  return (request, response) => {
    const coding = request.headers['transfer-encoding'];
    // Node reads any list that ends with `chunked`, and would give us the codings before it undecoded.
    if (coding !== undefined && coding.trim().toLowerCase() !== 'chunked') {
      refuseConnection(BAD_REQUEST, request.socket);
    } else void listener(request, response);
  };
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

/** Starts to build roll-ups and the text index. @returns a function that stops it. */
function startWork(
  store: Store,
  logger: Logger,
  metrics: Pick<Metrics, 'rollUpsBuilt' | 'rollUpsDue' | 'textIndexed' | 'textDue'>,
): () => Promise<void> {
  const stopRollUps = scheduleWork(store, ROLL_UPS, {
    now: Date.now,
    done: metrics.rollUpsBuilt,
    due: metrics.rollUpsDue,
    report: (error) => logger.error({ err: error }, 'building roll-ups failed'),
  });
  const stopTextIndex = scheduleWork(store, TEXT_INDEX, {
    now: Date.now,
    done: metrics.textIndexed,
    due: metrics.textDue,
    report: (error) => logger.error({ err: error }, 'indexing texts failed'),
  });
  return async () => {
    await Promise.all([stopRollUps(), stopTextIndex()]);
  };
}
