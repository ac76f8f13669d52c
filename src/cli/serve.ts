import { type Config, loadConfig } from '../config/config.ts';
import { unknownVariables } from '../config/unknown-variables.ts';
import { seedDemo } from '../demo/seed-demo.ts';
import { collectGarbage, collectLessOften } from '../lib/garbage-collection.ts';
import { onceIdle } from '../lib/once-idle.ts';
import { type RunningServer, startServer } from '../server.ts';
import { storeSchemeOf } from '../store/open-store.ts';
import { audited } from '../telemetry/audit.ts';
import { createLogger } from '../telemetry/logger.ts';
import { logStandardError } from '../telemetry/standard-error.ts';
import { fail } from './fail.ts';

/** Runs the server until SIGINT, SIGTERM or SIGHUP. If it cannot start, prints the reason and exits with status 1. */
export async function serve(environment: NodeJS.ProcessEnv): Promise<void> {
  try {
    collectLessOften();
    const config = loadConfig(environment);
    const logger = createLogger(config.RELAYLOG_LOG_LEVEL);
    logStandardError(logger);
    for (const warning of unknownVariables(environment)) logger.warn(warning);
    const server = await startServer(config, logger);
    let stopping = false;
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
      process.on(signal, () => {
        // A second signal exits immediately.
        if (stopping) process.exit(1);
        stopping = true;
        server.stop().then(() => process.exit(0), fail);
      });
    }
    const demo = wantsDemo(config, server)
      ? seedDemo(audited(server.store, logger), Date.now())
      : Promise.resolve(null);
    const seeded = await demo.catch((error) => {
      // Seeding fails if the store closes meanwhile. The next start repeats it.
      if (!stopping) throw error;
      return null;
    });
    if (!stopping) console.log(await greeting(server, config, seeded?.key ?? null));
    // Half of the heap after startup is garbage, which V8 would keep until there is load.
    onceIdle(collectGarbage);
  } catch (error) {
    fail(error);
  }
}

function wantsDemo({ RELAYLOG_DEMO }: Config, { store }: RunningServer): boolean {
  return RELAYLOG_DEMO === 'on' || (RELAYLOG_DEMO === 'auto' && !store.capabilities.servesSeveralMachines);
}

/** What to print after startup: the URLs, and either the new demo key with example requests or how to create a key. */
async function greeting({ url, store }: RunningServer, config: Config, key: string | null): Promise<string> {
  const lines = [
    `Relaylog answers on ${url} (store: ${storeSchemeOf(config.RELAYLOG_STORE_URL).shown(config.RELAYLOG_STORE_URL)})`,
    '',
  ];
  lines.push(`  GraphiQL  ${url}/graphql`);
  if (key === null) {
    const [organization] = await store.listOrganizations().catch(() => []);
    if (organization === undefined) lines.push('  Then      npx relaylog orgs create acme --plan pro');
    lines.push(
      `  A key     npx relaylog keys create --org ${organization?.id ?? 'acme'} --scopes logs:read,billing:read`,
      '',
    );
    return lines.join('\n');
  }
  const query =
    '{ requestLogs(first: 3) { totalCount nodes { createdAt method path statusCode durationMs } } }';
  lines.push(
    `  Demo key  ${key}   (organization "demo"; shown only once; paste it into the headers of GraphiQL)`,
    '',
    'Example requests:',
    '',
    `curl -s ${url}/graphql -H 'X-API-Key: ${key}' -H 'Content-Type: application/json' -d '${JSON.stringify({ query })}'`,
    '',
    `curl -s '${url}/v1/logs?limit=3&status_min=400' -H 'X-API-Key: ${key}'`,
    '',
    `curl -s '${url}/v1/organization/logs?limit=3&include_total=true' -H 'Authorization: Bearer ${key}'`,
    '',
  );
  return lines.join('\n');
}
