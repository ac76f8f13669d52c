import * as fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type BucketState, consumeFrom } from '../../src/store/bucket.ts';
import type { ApiKey, Store } from '../../src/store/store.ts';
import { anyBucketRequests, FIRST_TIME } from './consumptions.ts';

/** The part of the conformance suite for organizations, keys, leases, rate limits and the secret. */
export function describeAccess(name: string, open: () => Promise<Store>, runs: number): void {
  describe(`${name}: access`, () => {
    let store: Store;
    beforeAll(async () => {
      store = await open();
    });
    afterAll(() => store.close());

    it('stores organizations, their plans and their keys', async () => {
      const acme = { id: 'org-a', plan: 'free', createdAt: 1 };
      expect(await store.createOrganization(acme)).toBe(true);
      expect(await store.createOrganization({ ...acme, plan: 'pro' })).toBe(false);
      expect(await store.findOrganization('org-a')).toEqual(acme);
      expect(await store.findOrganization('org-z')).toBeNull();
      expect(await store.setPlan('org-a', 'pro')).toBe(true);
      expect(await store.setPlan('org-z', 'pro')).toBe(false);
      expect((await store.listOrganizations()).filter(({ id }) => id === 'org-a')).toEqual([
        { ...acme, plan: 'pro' },
      ]);

      const key = (id: string, createdAt: number): ApiKey => ({
        ...ANY_KEY,
        id,
        hash: `hash of ${id}`,
        createdAt,
        expiresAt: createdAt === 2 ? 7 : null,
      });
      await store.createKey(key('key_2', 2));
      await store.createKey(key('key_1', 1));
      expect(await store.listKeys('org-a')).toEqual([key('key_1', 1), key('key_2', 2)]);
      const owner = { key: key('key_1', 1), organization: { ...acme, plan: 'pro' } };
      expect(await store.findKeyOwner('hash of key_1')).toEqual(owner);
      expect(await store.findKeyOwner('hash of nobody')).toBeNull();
      await store.recordKeyUse('key_1', 5);
      await store.recordKeyUse('key_1', 4);
      await store.recordKeyUse('key_z', 5);
      const used = { ...key('key_1', 1), lastUsedAt: 5 };
      expect(await store.listKeys('org-a')).toContainEqual(used);
      expect(await store.revokeKey('key_1', 9)).toBe(true);
      expect(await store.revokeKey('key_1', 10)).toBe(true);
      expect(await store.revokeKey('key_z', 10)).toBe(false);
      await store.settled();
      expect(await store.findKeyOwner('hash of key_1')).toBeNull();
      expect((await store.listKeys('org-a'))[0]).toEqual({ ...used, revokedAt: 9 });
    });

    it('a changed plan and a revoked key apply to a process that has the key in its cache, once settled', async () => {
      const other = await open();
      const organization = { id: 'org-shared', plan: 'free', createdAt: 5 };
      const key: ApiKey = { ...ANY_KEY, id: 'key_shared', organizationId: 'org-shared', hash: 'shared' };
      await store.createOrganization(organization);
      await store.createKey(key);
      for (const one of [store, other])
        expect(await one.findKeyOwner('shared')).toEqual({ key, organization });
      await store.setPlan('org-shared', 'pro');
      await store.settled();
      for (const one of [store, other])
        expect((await one.findKeyOwner('shared'))?.organization.plan).toBe('pro');
      await other.revokeKey('key_shared', 9);
      await other.settled();
      for (const one of [store, other]) expect(await one.findKeyOwner('shared')).toBeNull();
      await other.close();
    });

    it('deletes the expired keys of one organization', async () => {
      const expiries = { gone: 10, now: 20, later: 21, never: null };
      for (const organizationId of ['org-expiring', 'org-keeping']) {
        await store.createOrganization({ id: organizationId, plan: 'free', createdAt: 1 });
        for (const [id, expiresAt] of Object.entries(expiries)) {
          const name = `${organizationId}-${id}`;
          await store.createKey({ ...ANY_KEY, id: name, hash: name, organizationId, expiresAt });
        }
      }
      expect(await store.deleteExpiredKeys('org-expiring', 20)).toBe(2);
      expect(await store.deleteExpiredKeys('org-expiring', 20)).toBe(0);
      const kept = async (id: string) => (await store.listKeys(id)).map((key) => key.id);
      expect(await kept('org-expiring')).toEqual(['org-expiring-later', 'org-expiring-never']);
      expect(await kept('org-keeping')).toHaveLength(4);
    });

    it('grants a lease to one holder at a time', async () => {
      expect(await store.lease('work', 'a', 100, 10)).toBe(true);
      expect(await store.lease('work', 'b', 200, 99)).toBe(false);
      expect(await store.lease('work', 'a', 150, 99)).toBe(true);
      expect(await store.lease('work', 'b', 200, 149)).toBe(false);
      expect(await store.lease('other', 'b', 200, 149)).toBe(true);
      expect(await store.lease('work', 'b', 200, 150)).toBe(true);
      expect(await store.lease('work', 'a', 300, 199)).toBe(false);
      expect(await store.lease('work', 'b', 160, 160)).toBe(true);
      expect(await store.lease('work', 'a', 300, 160)).toBe(true);
      const many = Array.from({ length: 20 }, (_, i) => store.lease('contended', `holder ${i}`, 100, 10));
      expect((await Promise.all(many)).filter((granted) => granted)).toHaveLength(1);
    });

    it('consumes from buckets like consumeFrom', async () => {
      let bucket = 0;
      await fc.assert(
        fc.asyncProperty(anyBucketRequests, async (requests) => {
          const name = `any-${++bucket}`;
          let state: BucketState | undefined;
          for (const consume of requests) {
            const expected = consumeFrom(state, consume);
            const { granted, state: after } = await store.consume(name, consume);
            state = expected.state;
            expect({ granted, ...after, used: 0 }).toEqual({
              ...state,
              granted: expected.granted,
              used: 0,
            });
            expect(after.used).toBeCloseTo(state.used, 6);
          }
        }),
        { numRuns: runs / 4 },
      );
    });

    it('consumes atomically under concurrent requests', async () => {
      const consume = { capacity: 20, fillMs: 1_000, cost: 1, now: FIRST_TIME, ...WITHIN_SHARE };
      const all = await Promise.all(
        Array.from({ length: 50 }, (_, i) => store.consume(`contended-${i % 2}`, consume)),
      );
      const granted = (odd: number) => all.filter((one, i) => one.granted && i % 2 === odd).length;
      expect([granted(0), granted(1)]).toEqual([20, 20]);
    });

    it('has a secret that does not change', async () => {
      const secret = await store.secret();
      expect(secret.length).toBe(32);
      expect(await store.secret()).toEqual(secret);
      await store.ping();
    });

    it("accepts another store's secret", async () => {
      const other = Buffer.from(Array.from({ length: 32 }, (_, i) => i));
      await store.setSecret(other);
      expect(await store.secret()).toEqual(other);
    });
  });
}

const ANY_KEY: ApiKey = {
  id: 'key_1',
  organizationId: 'org-a',
  prefix: 'rl_abc',
  hash: 'hash of key_1',
  scopes: ['logs:read', 'logs:write'],
  createdAt: 1,
  revokedAt: null,
  expiresAt: null,
  lastUsedAt: null,
};

const WITHIN_SHARE = { isWithinShare: true, isStarving: false } as const;
