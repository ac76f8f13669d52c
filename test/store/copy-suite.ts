import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { RecordedRequest } from '../../src/log/request-log.ts';
import { type CopyProgress, copyStore } from '../../src/store/copy.ts';
import type { Store } from '../../src/store/store.ts';
import { SAMPLE_TIME, sampleLog } from './samples.ts';

const COUNT = 250;

/** The tests for copying, run for each pair of stores. */
export function describeCopy(name: string, open: () => Promise<{ from: Store; to: Store }>): void {
  describe(name, () => {
    let from: Store;
    let to: Store;
    beforeAll(async () => {
      ({ from, to } = await open());
      for (const id of ['acme', 'empty']) await from.createOrganization({ id, plan: 'pro', createdAt: 1 });
      await from.createKey({ ...KEY, id: 'key_1', hash: 'a' });
      await from.createKey({ ...KEY, id: 'key_2', hash: 'b', revokedAt: 7 });
      await from.insert(Array.from({ length: COUNT }, (_, i) => recordedLog(i)));
    });
    afterAll(() => Promise.all([from.close(), to.close()]));

    it('resumes after a failure, and compares both stores', async () => {
      let batches = 0;
      const failing: Store = Object.assign(Object.create(to), {
        // Only a part of the third batch is stored.
        insert: async (batch: readonly RecordedRequest[]) => {
          if (++batches === 3) await to.insert(batch.filter((_, i) => i % 2 === 0));
          if (batches >= 3) throw new Error('insert failed');
          return to.insert(batch);
        },
        find: to.find.bind(to),
        listKeys: to.listKeys.bind(to),
        createKey: to.createKey.bind(to),
        createOrganization: to.createOrganization.bind(to),
        listOrganizations: to.listOrganizations.bind(to),
        setSecret: to.setSecret.bind(to),
      });
      await expect(copyStore(from, failing, { batchSize: 50 })).rejects.toThrow('insert failed');

      const progress: CopyProgress[] = [];
      const [acme, empty] = await copyStore(from, to, {
        batchSize: 50,
        onProgress: (step) => progress.push(step),
      });
      expect(acme).toMatchObject({ organizationId: 'acme', stored: COUNT - 125, same: true });
      expect(acme!.from).toEqual({ logs: COUNT, digest: acme!.to.digest });
      expect(empty).toMatchObject({ stored: 0, from: { logs: 0 }, same: true });
      const copied = progress.filter(({ step }) => step === 'copying');
      expect(copied.at(-1)!.logs).toBeLessThan(COUNT);
      expect(await to.listKeys('acme')).toEqual(await from.listKeys('acme'));
      expect(await to.secret()).toEqual(await from.secret());
    });

    it('copies older logs that are missing, changed plans and revoked keys', async () => {
      await from.insert([recordedLog(-5)]);
      await from.setPlan('acme', 'free');
      await from.revokeKey('key_1', 9);
      expect((await copyStore(from, to, { batchSize: 50 }))[0]).toMatchObject({ stored: 1, same: true });
      expect((await to.findOrganization('acme'))?.plan).toBe('free');
      expect(await to.listKeys('acme')).toEqual(await from.listKeys('acme'));
    });

    it('copies the usage of deleted logs', async () => {
      const usage = { fromDay: 0, endDay: 1e6, by: 'endpointType' } as const;
      for (const [store, after] of [
        [from, 'the copied logs are not in the source any more'],
        [to, 'both have deleted the same logs'],
      ] as const) {
        expect(await store.deleteBefore('acme', SAMPLE_TIME + 10, 9)).toBe(9);
        if (store === to) await to.replaceUsageLedger('acme', []);
        const [acme] = await copyStore(from, to);
        expect([after, acme]).toMatchObject([after, { sameUsage: true, same: store === to }]);
      }
      expect(await to.usage('acme', usage)).toEqual(await from.usage('acme', usage));
      expect(await to.usage('acme', usage)).toMatchObject([{ requests: COUNT + 1 }]);
    });

    it('does not replace the usage of logs that the target alone has deleted', async () => {
      const copied = await to.usageLedger('acme');
      const own = [{ ...copied[0]!, requests: copied[0]!.requests + 1 }];
      await to.replaceUsageLedger('acme', own);
      expect((await copyStore(from, to))[0]).toMatchObject({ sameUsage: false, same: false });
      expect(await to.usageLedger('acme')).toEqual(own);
      await to.replaceUsageLedger('acme', []);
      expect((await copyStore(from, to))[0]).toMatchObject({ sameUsage: true, same: true });
    });

    it('reports a difference if the target has logs that the source lacks', async () => {
      await to.insert([recordedLog(-9)]);
      const [acme] = await copyStore(from, to);
      expect(acme).toMatchObject({
        sameUsage: true,
        same: false,
        from: { logs: COUNT - 8 },
        to: { logs: COUNT - 7 },
      });
    });
  });
}

const KEY = {
  organizationId: 'acme',
  prefix: 'rl_abc',
  scopes: ['logs:read'],
  createdAt: 1,
  revokedAt: null,
  expiresAt: 8,
  lastUsedAt: null,
};

function recordedLog(i: number): RecordedRequest {
  const log = sampleLog({ requestId: `r${i}`, createdAt: SAMPLE_TIME + Math.floor(i / 3) });
  const payload = { requestHeaders: { i }, requestBody: [i], responseHeaders: null, responseBody: 'é' };
  return { log, payload: i % 3 === 0 ? null : payload };
}
