import { afterAll, describe } from 'vitest';
import { openStore } from '../../src/store/open-store.ts';
import { describeCopy } from '../store/copy-suite.ts';
import { temporaryStoreUrl } from '../store/temporary.ts';
import { databaseUrl, dropDatabase, SERVERS, testDatabase } from './servers.ts';

describe.each(SERVERS)('with $name', (server) => {
  const databases = [testDatabase(), testDatabase()] as const;
  const [there, here] = databases.map((database) => databaseUrl(server, database)) as [string, string];
  const sqlite = () => openStore(temporaryStoreUrl(), { inline: true });

  describeCopy('from SQLite', async () => ({ from: await sqlite(), to: await openStore(there) }));
  describeCopy('to SQLite', async () => ({ from: await openStore(here), to: await sqlite() }));
  afterAll(async () => {
    for (const database of databases) await dropDatabase(server, database);
  });
});
