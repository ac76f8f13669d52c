import { DatabaseSync } from 'node:sqlite';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { TEST_NOW, type TestApp, testApp } from './support/app.ts';

/** Batches that wait for the lock together; one that lasts longer than two seconds is waited for once. */
const BATCHES = 12;
const LOCKED_MS = 3_000;

let app: TestApp;
let key: string;
beforeAll(async () => {
  app = await testApp();
  key = await app.key('acme');
});
afterAll(() => app.close());

const ingest = (requestId: string) => {
  const log = { createdAt: TEST_NOW, requestId, method: 'GET', path: '/', statusCode: 200 };
  return app.post(key, [log], {}, '/ingest/v1/request-logs');
};

it('one long lock of another process answers all batches that wait for it, not one after the other', async () => {
  expect((await ingest('before')).status).toBe(200);
  const other = new DatabaseSync(app.config.RELAYLOG_STORE_URL.replace('sqlite:', ''));
  other.exec('BEGIN IMMEDIATE');
  const waiting = Array.from({ length: BATCHES }, (_, i) => ingest(`waiting${i}`));
  await sleep(LOCKED_MS);
  other.exec('ROLLBACK');
  for (const response of await Promise.all(waiting)) {
    expect([response.status, response.headers.get('retry-after')]).toEqual([503, '5']);
    expect(await response.json()).toEqual({
      error: {
        code: 'UNAVAILABLE',
        message: 'The log store is unavailable: the database is locked by another process.',
      },
    });
  }
  // Its patience is back with the first success: a lock that is short delays, and refuses nothing.
  expect((await ingest('after')).status).toBe(200);
  other.exec('BEGIN IMMEDIATE');
  const delayed = ingest('delayed');
  await sleep(300);
  other.exec('ROLLBACK');
  expect((await delayed).status).toBe(200);
  other.close();
  expect((await app.graphql(key, '{ requestLogs { totalCount } }')).data).toEqual({
    requestLogs: { totalCount: 3 },
  });
});
