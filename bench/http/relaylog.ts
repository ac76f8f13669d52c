import { createApp } from '../../src/app.ts';
import { loadConfig } from '../../src/config.ts';
import { createLogger } from '../../src/ops/logger.ts';
import { requestListener } from '../../src/server.ts';
import { ROOMY } from '../../test/support/roomy.ts';

process.on('SIGINT', () => process.exit(0));

import { listen } from './listen.ts';
import { benchStore } from './store.ts';

/* Relaylog as it is served, but for its limits, which one client that asks without a pause would meet. */
const config = loadConfig(ROOMY);
const store = await benchStore();
const logger = createLogger(config.RELAYLOG_LOG_LEVEL);
const ingest = { pending: 0, ingest: () => Promise.reject(new Error('not measured')), close: async () => {} };
listen(requestListener(createApp({ config, store, ingest, logger, now: Date.now })));
