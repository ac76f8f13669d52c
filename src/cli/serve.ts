import { loadConfig } from '../config/config.ts';
import type { Demo } from '../demo/open-demo.ts';
import { openGateway } from '../gateway.ts';
import { collectGarbage, collectLessOften } from '../lib/garbage-collection.ts';
import { onceIdle } from '../lib/once-idle.ts';
import { RelaylogError } from '../log/errors.ts';
import { startServer } from '../server.ts';
import type { Store } from '../store/store.ts';
import { audited } from '../telemetry/audit.ts';
import { createLogger } from '../telemetry/logger.ts';
import { logStandardError } from '../telemetry/standard-error.ts';
import { fail } from './fail.ts';
import { greeting } from './greeting.ts';

export interface ServeOptions {
  /** Creates demo logs in an empty store, and a demo key. Default: false. */
  readonly demo?: boolean;
}

/** Loads what creates the demo only for a demo. */
const openDemo = async (store: Store, address: string) =>
  (await import('../demo/open-demo.ts')).openDemo(store, address, Date.now());

/** Runs the server until SIGINT, SIGTERM or SIGHUP. If it cannot start, prints the reason and exits with status 1. */
export async function serve(
  environment: NodeJS.ProcessEnv,
  { demo = false }: ServeOptions = {},
): Promise<void> {
  try {
    // The server keeps running if standard output is closed or full.
    process.stdout.removeAllListeners('error').on('error', () => undefined);
    collectLessOften();
    const logger = createLogger(loadConfig(environment).RELAYLOG_LOG_LEVEL);
    logStandardError(logger);
    const gateway = await openGateway(environment, { logger });
    const server = await startServer(gateway);
    let stopping = false;
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
      process.on(signal, () => {
        // A second signal exits immediately.
        if (stopping) process.exit(1);
        stopping = true;
        server.stop().then(() => process.exit(0), fail);
      });
    }
    const store = audited(gateway.store, logger);
    const opened = demo
      ? await openDemo(store, server.address).catch((error): Demo => {
          // The store is unavailable, as it may be in a server without a demo, or a signal closed it. The next start completes the demo.
          if (stopping || error instanceof RelaylogError) return { reason: error.message };
          throw error;
        })
      : null;
    if (!stopping) console.log(await greeting(gateway, server.url, opened));
    // Half of the heap after startup is garbage, which V8 would keep until there is load.
    onceIdle(collectGarbage);
  } catch (error) {
    fail(error);
  }
}
