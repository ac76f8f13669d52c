import type { Demo } from '../demo/open-demo.ts';
import type { Gateway } from '../gateway.ts';
import { BUILD_COMMAND, isExplorerBuilt } from '../http/explorer-endpoint.ts';
import { isoTime } from '../lib/date-time.ts';
import { storeSchemeOf } from '../store/open-store.ts';

/**
 * What the server prints after startup: its URLs, and either the demo key with example requests or how to create a key.
 *
 * @param demo null: no demo was requested.
 */
export async function greeting({ config, store }: Gateway, url: string, demo: Demo | null): Promise<string> {
  const shownStore = storeSchemeOf(config.RELAYLOG_STORE_URL).shown(config.RELAYLOG_STORE_URL);
  const signIn = demo !== null && 'key' in demo ? `#key=${demo.key}` : '';
  const lines = [
    `Relaylog answers on ${url} (store: ${shownStore})`,
    '',
    `  Explorer  ${isExplorerBuilt() ? `${url}/${signIn}` : `not built; to build it, run: ${BUILD_COMMAND}`}`,
    `  GraphiQL  ${url}/graphql`,
  ];
  if (demo !== null && 'key' in demo) return [...lines, ...examples(url, demo)].join('\n');
  if (demo !== null) lines.push(`  Demo      ${demo.reason}`);
  const [organization] = await store.listOrganizations().catch(() => []);
  if (organization === undefined) {
    if (demo === null) lines.push('  Demo      to start with demo logs, run: npx relaylog serve --demo');
    lines.push('  Then      npx relaylog orgs create acme --plan pro');
  }
  lines.push(
    `  A key     npx relaylog keys create --org ${organization?.id ?? 'acme'} --scopes logs:read,billing:read`,
  );
  return [...lines, ''].join('\n');
}

function examples(url: string, { organizationId, key, expiresAt }: Extract<Demo, { key: string }>): string[] {
  const query =
    '{ requestLogs(first: 3) { totalCount nodes { createdAt method path statusCode durationMs } } }';
  return [
    `  Demo key  ${key}   (organization "${organizationId}"; until ${isoTime(expiresAt)}; paste it into the headers of GraphiQL)`,
    '',
    'Example requests:',
    '',
    `curl -s ${url}/graphql -H 'X-API-Key: ${key}' -H 'Content-Type: application/json' -d '${JSON.stringify({ query })}'`,
    '',
    `curl -s '${url}/v1/logs?limit=3&status_min=400' -H 'X-API-Key: ${key}'`,
    '',
    `curl -s '${url}/v1/organization/logs?limit=3&include_total=true' -H 'Authorization: Bearer ${key}'`,
    '',
    'Error rates and durations in a shell, for example to find the incident in the demo logs:',
    '',
    `npx relaylog stats --org ${organizationId} --last 3d --by route --order server-error-rate`,
    '',
  ];
}
