import { describe, expect, it } from 'vitest';
import { hashKey } from '../src/access/api-key.ts';
import { SCOPE_NAMES } from '../src/access/scopes.ts';
import { TEST_NOW, testApp } from './support/app.ts';
import { jsonPost } from './support/json-post.ts';
import { wrapStore } from './support/wrap-store.ts';

const APIS = {
  GraphQL: (key: string) =>
    new Request('http://x/graphql?query={viewer{plan}}', { headers: { 'x-api-key': key } }),
  Scrip: (key: string) => new Request('http://x/v1/logs', { headers: { 'x-api-key': key } }),
  Signa: (key: string) =>
    new Request('http://x/v1/organization/logs', { headers: { authorization: `Bearer ${key}` } }),
  ingest: (key: string) => new Request('http://x/ingest/v1/request-logs', jsonPost(key, [])),
};

describe('a key', () => {
  it.each(Object.entries(APIS))(
    'is rejected from the millisecond at which it expires: %s',
    async (_api, requestWith) => {
      const app = await testApp();
      const key = await app.key('acme', SCOPE_NAMES, 'archive', TEST_NOW + 1000);
      const status = async () => (await app.request(requestWith(key))).status;
      app.setNow(TEST_NOW + 999);
      expect(await status()).toBe(200);
      app.setNow(TEST_NOW + 1000);
      expect(await status()).toBe(401);
      await app.close();
    },
  );

  it('shows its last use, which is recorded in the store at most once a minute', async () => {
    const calls: string[] = [];
    const app = await testApp({}, (store) => wrapStore(store, (method) => calls.push(method)));
    const key = await app.key('acme');
    const use = async (now: number) => {
      app.setNow(now);
      await Promise.all([APIS.GraphQL, APIS.Scrip].map((requestWith) => app.request(requestWith(key))));
      return calls.filter((name) => name === 'recordKeyUse').length;
    };
    const lastUse = async () => (await app.store.findKeyOwner(hashKey(key)))!.key.lastUsedAt;
    expect(await use(TEST_NOW)).toBe(1);
    await expect.poll(lastUse, { timeout: 30_000 }).toBe(TEST_NOW);
    expect(await use(TEST_NOW + 59_999)).toBe(1);
    expect(await use(TEST_NOW + 60_000)).toBe(2);
    await expect.poll(lastUse, { timeout: 30_000 }).toBe(TEST_NOW + 60_000);
    await app.close();
  });

  it.each([
    ['hangs', () => new Promise<void>(() => undefined)],
    ['fails', () => Promise.reject(new Error('no'))],
  ])('works if recording its use %s', async (_how, recordKeyUse) => {
    const app = await testApp({}, (store) => wrapStore(store, () => undefined, { recordKeyUse }));
    const key = await app.key('acme');
    for (const requestWith of Object.values(APIS))
      expect((await app.request(requestWith(key))).status).toBe(200);
    await app.close();
  });
});
