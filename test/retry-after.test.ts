import { afterAll, beforeAll, expect, it } from 'vitest';
import { ERROR_CODES, type ErrorCode, RelaylogError } from '../src/log/errors.ts';
import { type TestApp, testApp } from './support/app.ts';
import { wrapStore } from './support/wrap-store.ts';

let app: TestApp;
let key: string;
let failure: RelaylogError;
beforeAll(async () => {
  const fails = async () => {
    throw failure;
  };
  app = await testApp({}, (store) => wrapStore(store, () => undefined, { find: fails, ping: fails }));
  key = await app.key('acme');
});
afterAll(() => app.close());

/** One request that reads logs, on each API. */
const read = () =>
  Promise.all([
    app.request('/v1/logs', { headers: { 'x-api-key': key } }),
    app.request('/v1/organization/logs', { headers: { authorization: `Bearer ${key}` } }),
    app.post(key, { query: '{ requestLogs { nodes { id } } }' }),
    app.request('/readyz'),
  ]);

it.each(ERROR_CODES)('each 503 has Retry-After: %s', async (code: ErrorCode) => {
  failure = new RelaylogError(code, 'failed');
  for (const { status, headers } of await read()) {
    const seconds = headers.get('retry-after');
    if (status === 503) expect(Number(seconds)).toBeGreaterThanOrEqual(1);
  }
  const statuses = (await read()).map(({ status }) => status);
  if (code === 'UNAVAILABLE') expect(statuses).toEqual([503, 503, 503, 503]);
});
