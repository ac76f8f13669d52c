import { createApp } from '../../src/app.ts';
import { loadConfig } from '../../src/config/config.ts';
import { requestListener } from '../../src/gateway.ts';
import { collectLessOften } from '../../src/lib/garbage-collection.ts';
import { createLogger } from '../../src/telemetry/logger.ts';
import { HIGH_LIMITS } from '../../test/support/with-high-limits.ts';
import { listen } from './listen.ts';
import { benchStore } from './store.ts';

/* Relaylog as in production, including logging, but with rate limits high enough for one client that never pauses. */
collectLessOften();
const config = loadConfig({ ...HIGH_LIMITS, RELAYLOG_STORE_URL: process.env.BENCH_STORE, ...process.env });
const store = await benchStore();
const logger = createLogger(config.RELAYLOG_LOG_LEVEL);
const ingest = { pending: 0, ingest: () => Promise.reject(new Error('not measured')), close: async () => {} };
listen(requestListener(createApp({ config, store, ingest, logger, now: Date.now })));
