import { setTimeout } from 'node:timers/promises';
import { openStore } from '../../src/store/open-store.ts';

/*
 * Deletes the logs of an organization until it is killed: all of them, oldest first, or those of one API key.
 *
 *   node test/long/usage-deleter.ts URL ORGANIZATION [API_KEY]
 */
const [url, organizationId, apiKeyId] = process.argv.slice(2) as [string, string, string?];
const store = await openStore(url, { inline: true });
const deleted = async () => {
  if (apiKeyId === undefined) return store.deleteBefore(organizationId, Date.UTC(2100, 0), 7);
  const match = { field: 'apiKeyId', value: apiKeyId } as const;
  return (await store.eraseStep({ organizationId, match }, null)).deleted;
};
process.stdout.write('ready\n');
for (;;) if ((await deleted()) === 0) await setTimeout(1);
