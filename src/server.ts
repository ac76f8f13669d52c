import type { AddressInfo } from 'node:net';
import { serve } from '@hono/node-server';
import { schedulePurge } from './access/scheduled-purge.ts';
import { createApp } from './app.ts';
import { type Config, ingestSettings } from './config.ts';
import { ingestThread } from './ingest/ingest-thread.ts';
import type { Logger } from './ops/logger.ts';
import { openStore } from './store/open-store.ts';
import type { Store } from './store/store.ts';

export interface RunningServer {
  readonly store: Store;
  /** `http://host:port` */
  readonly url: string;
  /** Takes no new requests, finishes those under way, then closes the store. */
  stop(): Promise<void>;
}

/** How long requests under way may take when the server stops, in milliseconds. */
const DRAIN_MS = 10_000;

/** Opens the store and listens. @throws RelaylogError UNAVAILABLE; Error where the port is taken. */
export async function startServer(config: Config, logger: Logger): Promise<RunningServer> {
  const store = await openStore(config.RELAYLOG_STORE_URL);
  const ingest = ingestThread(ingestSettings(config));
  const app = createApp({ config, store, ingest, logger, now: Date.now });
  const { promise: listening, resolve, reject } = Promise.withResolvers<AddressInfo>();
  const server = serve({ fetch: app.fetch, port: config.PORT, hostname: config.HOST }, resolve);
  server.once('error', reject);
  const { port } = await listening.catch(async (error) => {
    await store.close();
    throw error;
  });
  const stopPurging = startPurging(config, store, logger);
  return {
    store,
    url: `http://${config.HOST.includes(':') ? `[${config.HOST}]` : config.HOST}:${port}`,
    async stop() {
      const closed = new Promise((done) => server.close(done));
      if ('closeIdleConnections' in server) server.closeIdleConnections();
      const late = setTimeout(
        () => 'closeAllConnections' in server && server.closeAllConnections(),
        DRAIN_MS,
      );
      await closed;
      clearTimeout(late);
      await stopPurging();
      await ingest.close();
      await store.close();
    },
  };
}

const DAY_MS = 86_400_000;

/** @returns what ends it. */
function startPurging(config: Config, store: Store, logger: Logger): () => Promise<void> {
  if (config.RELAYLOG_PURGE_INTERVAL === 0) return async () => undefined;
  return schedulePurge(store, {
    plans: config.plans,
    grace: config.RELAYLOG_PURGE_GRACE * DAY_MS,
    interval: config.RELAYLOG_PURGE_INTERVAL * 1000,
    now: Date.now,
    done: (purged) => logger.info({ purged }, 'purged'),
    report: (error) => logger.error({ err: error }, 'the purge failed'),
  });
}
