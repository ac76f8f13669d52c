import * as fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { loadConfig } from '../../src/config/config.ts';
import { ingestBatch } from '../../src/ingest/ingest-batch.ts';
import { ingestSettings } from '../../src/ingest/settings.ts';
import { redactors } from '../../src/log/redact/redactor.ts';
import { openStore } from '../../src/store/open-store.ts';
import { TEST_NOW } from '../support/app.ts';
import { logsThatLeak, plantedLog } from '../support/stored-secrets.ts';
import { databaseUrl, dropDatabase, SERVERS, testDatabase, withClient } from './servers.ts';

/* Secrets under promised names, in bodies of every form and in every text field: none is in a document of any collection. */
describe.each(SERVERS)('on $name', (server) => {
  const database = testDatabase();
  afterAll(() => dropDatabase(server, database));

  it('no planted secret is stored', async () => {
    const store = await openStore(databaseUrl(server, database));
    await store.createOrganization({ id: 'acme', plan: 'archive', createdAt: TEST_NOW });
    const logs = fc.sample(plantedLog, 500);
    const { limits } = ingestSettings(loadConfig({ RELAYLOG_INGEST_MAX_BYTES: '67108864' }));
    const newRedactor = redactors({ names: [], limit: 600, unknownBodies: 'omit' });
    const body = Buffer.from(JSON.stringify(logs));
    const batch = { organizationId: 'acme', body, format: 'json', gzip: false, now: TEST_NOW } as const;
    expect(await ingestBatch(store, batch, limits, newRedactor)).toMatchObject({ stored: logs.length });
    await store.close();
    const stored = await withClient(server.url, async (client) => {
      const collections = await client.db(database).collections();
      const documents = await Promise.all(collections.map((one) => one.find().toArray()));
      return JSON.stringify(documents);
    });
    expect(stored.length).toBeGreaterThan(logs.length * 100);
    expect(logsThatLeak(logs, stored)).toEqual([]);
  });
});
