import { type Config, loadConfig } from '../config.ts';
import { seedDemo } from '../demo/seed-demo.ts';
import { audited } from '../ops/audit.ts';
import { createLogger } from '../ops/logger.ts';
import { startServer } from '../server.ts';
import { fail } from './fail.ts';

/** Serves until SIGINT or SIGTERM; where it cannot start, says why and ends with status 1. */
export async function serve(environment: NodeJS.ProcessEnv): Promise<void> {
  try {
    const config = loadConfig(environment);
    const logger = createLogger(config.RELAYLOG_LOG_LEVEL);
    const server = await startServer(config, logger);
    for (const signal of ['SIGINT', 'SIGTERM'] as const) {
      process.once(signal, () => {
        server.stop().then(
          () => process.exit(0),
          (error) => fail(error),
        );
      });
    }
    const demo =
      config.RELAYLOG_DEMO === 'auto' ? await seedDemo(audited(server.store, logger), Date.now()) : null;
    console.log(greeting(server.url, config, demo?.key ?? null));
  } catch (error) {
    fail(error);
  }
}

/** What a new user needs next. A key is shown once: where there is none to show, how to make one. */
function greeting(url: string, config: Config, key: string | null): string {
  const lines = [`Relaylog answers on ${url} (store: ${withoutPassword(config.RELAYLOG_STORE_URL)})`, ''];
  lines.push(`  GraphiQL  ${url}/graphql`);
  if (key === null) {
    lines.push(
      '  A key     npx relaylog keys create --org <organization> --scopes logs:read,billing:read',
      '',
    );
    return lines.join('\n');
  }
  const query =
    '{ requestLogs(first: 3) { totalCount nodes { createdAt method path statusCode durationMs } } }';
  lines.push(
    `  Demo key  ${key}   (organization "demo"; shown this once; paste it into GraphiQL's headers)`,
    '',
    'Ask it something:',
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

function withoutPassword(storeUrl: string): string {
  return storeUrl.replace(/\/\/[^@/]*@/, '//');
}
