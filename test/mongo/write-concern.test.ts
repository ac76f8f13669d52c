import type { CommandStartedEvent, Document } from 'mongodb';
import { afterAll, describe, expect, it } from 'vitest';
import * as access from '../../src/store/mongo/access.ts';
import { connectionTo } from '../../src/store/mongo/connection.ts';
import { insertBatch } from '../../src/store/mongo/insert.ts';
import * as retention from '../../src/store/mongo/retention.ts';
import { ensureSchema, ensureSecret, replaceSecret } from '../../src/store/mongo/schema/create.ts';
import { SAMPLE_TIME } from '../store/samples.ts';
import { BATCH_SIZE, ingestBatch } from './ingest-batch.ts';
import { databaseUrl, dropDatabase, SERVERS, testDatabase } from './servers.ts';

const WRITES = ['insert', 'update', 'delete', 'findAndModify'];
const KEY = {
  id: 'key_1',
  organizationId: 'acme',
  prefix: 'rlk_',
  hash: 'h',
  scopes: [],
  createdAt: 0,
  revokedAt: null,
  expiresAt: null,
  lastUsedAt: null,
};

describe.each(SERVERS)('writes on $name', (server) => {
  const database = testDatabase();
  afterAll(() => dropDatabase(server, database));

  it.each([
    ['journal=false', 10_000],
    ['j=false', 10_000],
    ['w=1', 10_000],
    ['w=0', 10_000],
    ['w=0&journal=false&wtimeoutMS=0', 10_000],
    ['w=1&j=false&wtimeoutMS=7000&readConcernLevel=majority&retryWrites=false', 7_000],
    ['readConcernLevel=available&readPreference=secondaryPreferred', 10_000],
  ])('are acknowledged when a majority has journaled them, with %s in the URL', async (options, wtimeout) => {
    const url = databaseUrl(server, database);
    const sent: Document[] = [];
    const connection = connectionTo(`${url}${url.includes('?') ? '&' : '?'}${options}`, 10_000, {
      monitorCommands: true,
    });
    connection.client.on('commandStarted', ({ commandName, command }: CommandStartedEvent) =>
      sent.push({ commandName, ...command }),
    );
    await ensureSchema(connection);
    const batch = ingestBatch(0, 'acme');
    const { stored, duplicates } = await insertBatch(connection, batch);
    expect(stored + duplicates).toBe(BATCH_SIZE);
    expect(await insertBatch(connection, batch)).toEqual({ stored: 0, duplicates: BATCH_SIZE });
    await access.createOrganization(connection, { id: options, plan: 'free', createdAt: 0 });
    await access.setPlan(connection, options, 'archive');
    await access.createKey(connection, { ...KEY, id: options, hash: options });
    await access.recordKeyUse(connection, options, 1);
    await access.revokeKey(connection, options, 2);
    await retention.lease(connection, options, 'me', 2, 1);
    await retention.deleteBefore(connection, 'acme', SAMPLE_TIME + 1_000, 10);
    await replaceSecret(connection, await ensureSecret(connection));
    await connection.client.close();

    const writes = sent.filter(({ commandName }) => WRITES.includes(commandName));
    expect(new Set(writes.map(({ commandName }) => commandName))).toEqual(
      new Set(['insert', 'update', 'delete']),
    );
    for (const { writeConcern } of writes) expect(writeConcern).toEqual({ w: 'majority', j: true, wtimeout });
    // The query that decides about payloads and duplicates reads the current data of the primary.
    const known = sent.filter(({ find, filter }) => find === 'request_logs' && filter?.requestId?.$in);
    expect(known.length).toBeGreaterThan(0);
    for (const { readConcern, $readPreference: preference } of known) {
      expect({ readConcern, preference: preference?.mode ?? 'primary' }).toMatchObject({
        readConcern: { level: 'local' },
        preference: expect.stringMatching(/^primary/),
      });
    }
  });
});
