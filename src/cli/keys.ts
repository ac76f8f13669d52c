import { Command } from 'commander';
import { newApiKey } from '../access/api-key.ts';
import { isScope, KEY_PURPOSES, SCOPE_NAMES, SCOPES, type Scope } from '../access/scopes.ts';
import { isoTime } from '../lib/date-time.ts';
import { parseExpiry } from './expiry.ts';
import { print, table } from './print.ts';
import { requireOrganization, withAuditedStore, withStore } from './with-store.ts';

const DEFAULT_SCOPE: Scope = 'logs:read';

/** `relaylog keys …` */
export function keysCommand(): Command {
  const keys = new Command('keys').description('create, list and revoke API keys');

  keys
    .command('create')
    .requiredOption('--org <id>', 'organization that the key belongs to')
    .option(
      '--scopes <scopes>',
      `comma-separated scopes of the key: ${describedScopes()}; default: ${DEFAULT_SCOPE}`,
    )
    .option(
      '--expires <time>',
      'when the key expires: a duration such as 12h or 90d, a date or a date-time; default: never',
    )
    .option('--json', 'print JSON', false)
    .addHelpText('after', `\n${suggestions().join('\n')}`)
    .action((options: { org: string; scopes?: string; expires?: string; json: boolean }) =>
      withAuditedStore(async (store) => {
        const now = Date.now();
        const scopes = parseScopes(options.scopes ?? DEFAULT_SCOPE);
        const expiresAt = options.expires === undefined ? null : parseExpiry(options.expires, now);
        await requireOrganization(store, options.org);
        const { key, record } = newApiKey({ organizationId: options.org, scopes, expiresAt }, now);
        await store.createKey(record);
        const { id, organizationId } = record;
        const expiry = expiresAt === null ? '' : `; it expires at ${isoTime(expiresAt)}`;
        print(options.json, { id, organizationId, key, scopes, expiresAt }, [
          `Created key ${id} for organization ${organizationId} with ${scopes.join(', ')}${expiry}.`,
          ...(options.scopes === undefined ? ['', ...suggestions(), ''] : []),
          'This is the key. It will not be shown again:',
          '',
          key,
        ]);
      }),
    );

  keys
    .command('list')
    .requiredOption('--org <id>', 'organization id')
    .option('--json', 'print JSON', false)
    .action((options: { org: string; json: boolean }) =>
      withStore(async (store) => {
        await requireOrganization(store, options.org);
        const all = (await store.listKeys(options.org)).map(({ hash: _, ...shown }) => shown);
        const rows = all.map((key) => [
          key.id,
          `${key.prefix}…`,
          key.scopes.join(','),
          ...[key.createdAt, key.lastUsedAt, key.expiresAt, key.revokedAt].map(shownTime),
        ]);
        const heading = ['KEY', 'STARTS WITH', 'SCOPES', 'CREATED', 'LAST USED', 'EXPIRES', 'REVOKED'];
        print(options.json, all, table(heading, rows));
      }),
    );

  keys
    .command('revoke')
    .argument('<id>', 'id of the key, key_…')
    .action((id: string) =>
      withAuditedStore(async (store) => {
        if (!(await store.revokeKey(id, Date.now())))
          throw new Error(`Key ${JSON.stringify(id)} does not exist`);
        await store.settled();
        print(false, null, [`Revoked key ${id}.`]);
      }),
    );

  return keys;
}

function shownTime(time: number | null): string {
  return time === null ? '' : isoTime(time);
}

function parseScopes(text: string): Scope[] {
  const names = [...new Set(text.split(',').map((name) => name.trim()))];
  return names.map((name) => {
    if (isScope(name)) return name;
    throw new Error(
      `Scope ${JSON.stringify(name)} does not exist; available: ${SCOPE_NAMES.join(', ')}. To see which fit which purpose, run: relaylog keys create --help`,
    );
  });
}

/** Which scopes fit which purpose. */
function suggestions(): string[] {
  const rows = KEY_PURPOSES.map(({ purpose, scopes }) => [`  ${purpose}`, `--scopes ${scopes.join(',')}`]);
  return table(['Scopes by purpose:', ''], rows);
}

function describedScopes(): string {
  return Object.entries(SCOPES)
    .map(([name, description]) => `${name} (${description})`)
    .join(', ');
}
