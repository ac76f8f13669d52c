import { MongoClient } from 'mongodb';
import { describe, expect, it } from 'vitest';
import { databaseUrl, MONGODB_URLS, testDatabase } from '../support/mongodb.ts';
import { KilledServer } from './killed-server.ts';
import { trials } from './trials.ts';

const KILLS = trials('RELAYLOG_LONG_KILLS', 200);
/**
 * The longest delay before a kill. The delay starts either with the first request, before any batch reaches the store, or with
 * the first acknowledgement.
 */
const MAX_DELAY_MS = 300;

async function killRepeatedly(storeUrl?: string): Promise<void> {
  const server = await KilledServer.make(storeUrl);
  for (let i = 0; i < KILLS; i++) {
    await server.round((i * 37) % MAX_DELAY_MS, i % 3 === 0 ? 'start' : 'acknowledged');
  }
  const rows = await server.end();
  const { acknowledged, interrupted, busy } = server;
  console.log({ store: storeUrl ?? 'SQLite', kills: KILLS, acknowledged, interrupted, busy, rows });
  expect(acknowledged).toBeGreaterThan(KILLS);
  expect(busy).toBeLessThan(KILLS / 10);
  expect(interrupted).toBeGreaterThanOrEqual(KILLS);
}

describe(`a server that is killed ${KILLS} times during ingest loses no acknowledged log and stores none twice`, () => {
  it('on SQLite', () => killRepeatedly());

  it.each(MONGODB_URLS)('on MongoDB, %s', async (url) => {
    const database = testDatabase();
    try {
      await killRepeatedly(databaseUrl({ url }, database));
    } finally {
      const client = new MongoClient(url);
      await client.db(database).dropDatabase();
      await client.close();
    }
  });
});
