import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Json } from '../src/log/request-log.ts';
import { TEST_NOW, type TestApp, testApp } from './support/app.ts';

/* What one request may cost to redact, at the ingest endpoint. `src/log/redact/batch-work.test.ts` counts the work. */

let app: TestApp;
beforeAll(async () => {
  app = await testApp();
});
afterAll(() => app.close());

/** JSON in six levels of strings, 40,000 characters: it takes nearly all the work that a log may take. */
const COSTLY = Array.from({ length: 6 }).reduce<Json>((value) => ({ a: JSON.stringify(value) }), {
  note: 'x'.repeat(40_000),
});
const USUAL: Json = {
  form: 'page=2&q=a%20b',
  at: '12:30',
  sent: '{"id":7,"url":"https://h/?page=2","ok":true}',
};

const log = (requestId: string, requestBody: Json) => ({
  requestId,
  createdAt: TEST_NOW - 1_000,
  method: 'POST',
  path: '/v1/things?page=2',
  statusCode: 200,
  requestBody,
});

async function send(key: string, logs: unknown[]) {
  const response = await app.post(key, logs, {}, '/ingest/v1/request-logs');
  expect(await response.json()).toMatchObject({ stored: logs.length, rejected: [] });
}

async function bodyOf(key: string, requestId: string): Promise<Json> {
  const query = `{ requestLog(requestId: "${requestId}") { requestBody } }`;
  const { data } = await app.graphql<{ requestLog: { requestBody: Json } }>(key, query);
  return data.requestLog.requestBody;
}

it('a batch of costly bodies is not searched as one of them is, and takes nothing from other logs', async () => {
  const [acme, globex] = [await app.key('acme'), await app.key('globex')];
  const costly = Array.from({ length: 60 }, (_, i) => log(`costly${i}`, COSTLY));
  await send(acme, [...costly, log('after', USUAL)]);
  expect(await bodyOf(acme, 'costly0')).toEqual(COSTLY);
  expect(JSON.stringify(await bodyOf(acme, 'costly59'))).not.toContain('xxx');
  expect(JSON.stringify(await bodyOf(acme, 'costly59'))).toContain('[REDACTED]');
  expect(await bodyOf(acme, 'after')).toEqual(USUAL);
  await send(acme, [log('next', COSTLY)]);
  expect(await bodyOf(acme, 'next')).toEqual(COSTLY);
  await send(globex, [log('other', COSTLY)]);
  expect(await bodyOf(globex, 'other')).toEqual(COSTLY);
});
