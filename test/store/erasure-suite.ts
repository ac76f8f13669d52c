import * as fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { MATCH_ALL } from '../../src/log/filter.ts';
import type { LogQuery } from '../../src/log/query.ts';
import type { RequestLog } from '../../src/log/request-log.ts';
import { deleteOrganization, eraseLogs } from '../../src/retention/erase.ts';
import { bucketName } from '../../src/store/bucket.ts';
import { ERASABLE_FIELDS, ERASURE_STEP, type Erasure } from '../../src/store/erasure.ts';
import type { ApiKey, Store } from '../../src/store/store.ts';
import { FIRST_TIME } from './consumptions.ts';
import { expectedPage } from './oracle.ts';
import { anyFilter, anyLogs, SAMPLE_TIME, sampleLog } from './samples.ts';

const PAYLOAD = { requestHeaders: null, requestBody: 'x', responseHeaders: null, responseBody: null };
const BUCKET = { capacity: 9, fillMs: 9e9, cost: 1, now: FIRST_TIME, isWithinShare: true, isStarving: false };

/** The part of the conformance suite for the deletion of logs and organizations. */
export function describeErasure(name: string, open: () => Promise<Store>, runs: number): void {
  describe(`${name}: erasure`, () => {
    let store: Store;
    let tenant = 0;
    beforeAll(async () => {
      store = await open();
    });
    afterAll(() => store.close());

    const insert = (logs: readonly RequestLog[]) =>
      store.insert(logs.map((log) => ({ log, payload: PAYLOAD })));
    const query = (organizationId: string, filter = MATCH_ALL): LogQuery => ({
      scope: { organizationId, visibleFrom: null },
      filter,
      sort: 'createdAt',
      direction: 'asc',
      limit: 10_000,
    });
    const createOrganization = async (id: string) => {
      await store.createOrganization({ id, plan: 'free', createdAt: 1 });
      const key = { ...KEY, id: `key of ${id}`, hash: `hash of ${id}`, organizationId: id };
      await store.createKey(key);
      return key;
    };

    it('deletes exactly the logs with the value, with their payloads; every query finds the others', async () => {
      await fc.assert(
        fc.asyncProperty(
          anyLogs,
          fc.constantFrom(...ERASABLE_FIELDS, null),
          fc.nat(),
          fc.array(anyFilter, { minLength: 1, maxLength: 3 }),
          async (sampled, field, pick, filters) => {
            const suffix = `-erase-${++tenant}`;
            const logs = sampled.map(({ id, ...log }) =>
              sampleLog({ ...log, organizationId: log.organizationId + suffix }),
            );
            if (logs.length === 0) return;
            await insert(logs);
            const chosen = logs[pick % logs.length]!;
            const { organizationId } = chosen;
            const value = field === null ? null : (chosen[field] ?? 'no log has it');
            const erasure: Erasure = {
              organizationId,
              match: field === null ? null : { field, value: String(value) },
            };
            const isErased = (log: RequestLog) =>
              log.organizationId === organizationId && (field === null || log[field] === value);
            const kept = logs.filter((log) => !isErased(log));
            const erased = logs.filter(isErased);
            expect(await eraseLogs(store, erasure, { rewrite: tenant % 8 === 0 })).toEqual({
              logs: erased.length,
              outcome: 'done',
            });
            for (const organization of [`acme${suffix}`, `globex${suffix}`]) {
              for (const filter of [MATCH_ALL, ...filters]) {
                const asked = query(organization, filter);
                expect(await store.find(asked)).toEqual(expectedPage(kept, asked));
              }
              const payloadsOf = (all: readonly RequestLog[]) =>
                store.payloads(
                  { organizationId: organization, visibleFrom: null },
                  all.filter((log) => log.organizationId === organization).map(({ id }) => id),
                );
              expect((await payloadsOf(kept)).every((payload) => payload?.requestBody === 'x')).toBe(true);
              expect((await payloadsOf(erased)).every((payload) => payload === null)).toBe(true);
            }
            // What was erased can be stored again, and is found again.
            if (erased.length === 0) return;
            expect(await insert(erased)).toEqual({ stored: erased.length, duplicates: 0 });
            const asked = query(organizationId);
            expect(await store.find(asked)).toEqual(expectedPage(logs, asked));
          },
        ),
        { numRuns: runs / 10 },
      );
    });

    it('reads a bounded number of logs in each step, and finds a rare value behind them', async () => {
      const organizationId = 'erase-steps';
      const count = 2 * ERASURE_STEP + 1;
      const logs = Array.from({ length: count }, (_, i) =>
        sampleLog({
          organizationId,
          requestId: `r${i}`,
          createdAt: SAMPLE_TIME + i,
          consumerId: i === count - 1 ? 'rare' : null,
        }),
      );
      await insert(logs);
      const erasure: Erasure = { organizationId, match: { field: 'consumerId', value: 'rare' } };
      let step = await store.eraseStep(erasure, null);
      // An index on the field finds it in the first step.
      const steps = step.next === null ? 1 : 3;
      for (let i = 1; i < steps; i++) {
        expect(step).toEqual({ deleted: 0, next: expect.any(Object) });
        step = await store.eraseStep(erasure, step.next);
      }
      expect(step).toEqual({ deleted: 1, next: null });
      const byKey: Erasure = { organizationId, match: { field: 'apiKeyId', value: 'rare' } };
      expect(await store.eraseStep(byKey, null)).toEqual({ deleted: 0, next: null });
      const all = await eraseLogs(store, { organizationId, match: null }, { rewrite: false });
      expect(all).toEqual({ logs: count - 1, outcome: 'done' });
    });

    it('deletes an organization with its keys, logs and rate limits, and no other', async () => {
      const [gone, other] = ['gone', 'not-gone'];
      const key = await createOrganization(gone);
      const otherKey = await createOrganization(other);
      for (const organizationId of [gone, other]) {
        await insert([sampleLog({ organizationId })]);
        for (const api of ['a', 'b']) await store.consume(bucketName(api, organizationId), BUCKET);
      }
      expect(await store.findKeyOwner(key.hash)).not.toBeNull();
      const deletions: unknown[] = [];
      const remove = () =>
        deleteOrganization(store, gone, { rewrite: true, onDeleted: (one) => deletions.push(one) });
      expect(await remove()).toEqual({ logs: 1, outcome: 'done' });
      expect(await remove()).toEqual({ logs: 0, outcome: 'done' });
      expect(deletions).toEqual([
        { existed: true, keys: 1 },
        { existed: false, keys: 0 },
      ]);
      expect(await store.findKeyOwner(key.hash)).toBeNull();
      expect(await store.findOrganization(gone)).toBeNull();
      expect(await store.listKeys(gone)).toEqual([]);
      expect(await store.find(query(gone))).toEqual([]);
      expect((await store.consume(bucketName('a', gone), BUCKET)).state.used).toBe(1);

      expect((await store.findKeyOwner(otherKey.hash))?.organization.id).toBe(other);
      expect(await store.find(query(other))).toHaveLength(1);
      expect((await store.consume(bucketName('a', other), BUCKET)).state.used).toBe(2);
    });

    it('an interrupted deletion is completed when it is run again', async () => {
      const id = 'interrupted';
      await createOrganization(id);
      const logs = Array.from({ length: 2 * ERASURE_STEP }, (_, i) =>
        sampleLog({ organizationId: id, requestId: `r${i}`, createdAt: SAMPLE_TIME + i }),
      );
      await insert(logs);
      const stop = new AbortController();
      const stopped = await deleteOrganization(store, id, {
        rewrite: false,
        signal: stop.signal,
        onProgress: () => stop.abort(),
      });
      expect(stopped).toEqual({ logs: ERASURE_STEP, outcome: 'stopped' });
      expect(await deleteOrganization(store, id, { rewrite: false })).toEqual({
        logs: ERASURE_STEP,
        outcome: 'done',
      });
    });

    it('stores nothing for an organization that does not exist, if the insert requires it', async () => {
      await store.createOrganization({ id: 'existing', plan: 'free', createdAt: 1 });
      const insertOf = (organizationId: string, requestId: string) =>
        store.insert([{ log: sampleLog({ organizationId, requestId }), payload: PAYLOAD }], {
          ofOrganization: organizationId,
        });
      // At the same time, so that SQLite combines them into one transaction.
      const results = await Promise.allSettled([
        insertOf('existing', 'x'),
        insertOf('missing', 'x'),
        insertOf('existing', 'y'),
      ]);
      expect(results.map((one) => (one.status === 'fulfilled' ? one.value.stored : one.reason.code))).toEqual(
        [1, 'UNAUTHENTICATED', 1],
      );
      expect(await store.find(query('missing'))).toEqual([]);
      const { id } = sampleLog({ organizationId: 'missing', requestId: 'x' });
      expect(await store.payloads({ organizationId: 'missing', visibleFrom: null }, [id])).toEqual([null]);
      expect(await store.find(query('existing'))).toHaveLength(2);
    });
  });
}

const KEY: Omit<ApiKey, 'id' | 'hash' | 'organizationId'> = {
  prefix: 'rl_abc',
  scopes: ['logs:read'],
  createdAt: 1,
  revokedAt: null,
  expiresAt: null,
  lastUsedAt: null,
};
