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

    it('reports a difference if the target has logs that the source lacks', async () => {
      await to.insert([recordedLog(-9)]);
      const [acme] = await copyStore(from, to);
      expect(acme).toMatchObject({ same: false, from: { logs: COUNT + 1 }, to: { logs: COUNT + 2 } });
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
