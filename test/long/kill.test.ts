import { MongoClient } from 'mongodb';
import { describe, expect, it } from 'vitest';
import { KilledServer } from './killed-server.ts';
import { trials } from './trials.ts';

const KILLS = trials('RELAYLOG_LONG_KILLS', 200);
/**
 * The longest delay before a kill. The delay starts either with the first request, before any batch reaches the store, or with
 * the first acknowledgement.
 */
const MAX_DELAY_MS = 300;
const MONGO_URLS = (process.env.RELAYLOG_TEST_MONGODB_URLS ?? '').split(/\s+/).filter((url) => url !== '');

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

  it.each(MONGO_URLS)('on MongoDB, %s', async (url) => {
    const database = `relaylog_test_killed_${process.pid}`;
    const own = url.replace(/^(mongodb(?:\+srv)?:\/\/[^/?]+)\/?[^?]*/, `$1/${database}`);
    try {
      await killRepeatedly(own);
    } finally {
      const client = new MongoClient(url);
      await client.db(database).dropDatabase();
      await client.close();
    }
  });
});
