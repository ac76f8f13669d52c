import { DatabaseSync } from 'node:sqlite';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { TEST_NOW, type TestApp, testApp } from './support/app.ts';

/** Batches that wait for the lock together. A lock of more than two seconds is waited for only once. */
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
  // As clients send it; a body of unknown length is counted as one of the largest size.
  const length = { 'content-length': String(JSON.stringify([log]).length) };
  return app.post(key, [log], length, '/ingest/v1/request-logs');
};

it('a long lock of another process rejects all waiting batches together, not one after the other', async () => {
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
  // The first success restores the full wait: a short lock delays batches but rejects none.
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
