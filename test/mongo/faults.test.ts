import { afterAll, describe, expect, it } from 'vitest';
import { EVERYTHING } from '../../src/log/filter.ts';
import type { RecordedRequest } from '../../src/log/request-log.ts';
import { SAMPLE_TIME, sampleLog } from '../../src/store/conformance/samples.ts';
import { MongoStore } from '../../src/store/mongo/store.ts';
import {
  control,
  databaseUrl,
  dropDatabase,
  SERVERS,
  type Server,
  testDatabase,
  withClient,
} from './servers.ts';

const PATIENCE_MS = 2_000;
const PAYLOAD = {
  requestHeaders: {},
  requestBody: 'x'.repeat(500),
  responseHeaders: null,
  responseBody: null,
};

function batchOf(organizationId: string, from: number, count: number): RecordedRequest[] {
  return Array.from({ length: count }, (_, i) => ({
    log: sampleLog({ organizationId, requestId: `r${from + i}`, createdAt: SAMPLE_TIME + from + i }),
    payload: PAYLOAD,
  }));
}

/** How long the call took to fail, and with what. */
async function failureOf(work: Promise<unknown>) {
  const start = performance.now();
  const error = await work.then(
    () => null,
    (reason: unknown) => reason,
  );
  return { error, ms: performance.now() - start };
}

async function expectUnavailable(work: Promise<unknown>) {
  const { error, ms } = await failureOf(work);
  expect(error).toMatchObject({ code: 'UNAVAILABLE', retryAfter: 5 });
  expect(String([error, (error as Error).message, (error as Error).cause])).not.toMatch(
    /127\.0\.0\.1|2701\d/,
  );
  expect(ms).toBeLessThan(PATIENCE_MS);
}

/** Each log once, each with its payload. */
async function expectWhole(store: MongoStore, batch: readonly RecordedRequest[]) {
  const scope = { organizationId: batch[0]!.log.organizationId, visibleFrom: null };
  const query = { scope, filter: EVERYTHING, sort: 'createdAt', direction: 'asc' } as const;
  const found = await store.find({ ...query, limit: batch.length * 2 });
  expect(found).toEqual(batch.map(({ log }) => log));
  const ids = found.map(({ id }) => id);
  expect(await store.payloads(scope, ids)).toEqual(batch.map(({ payload }) => payload));
}

describe.each(SERVERS)('with faults of $name', (server) => {
  const database = testDatabase();
  const store = new MongoStore({ url: databaseUrl(server, database) });
  afterAll(async () => {
    await store.close();
    await dropDatabase(server, database);
  });

  it('a search that takes too long is told how to narrow it', async () => {
    for (let i = 0; i < 10; i++) await store.insert(batchOf('slow', i * 1_000, 1_000));
    const hurried = new MongoStore({ url: databaseUrl(server, database), readMs: 1 });
    const scope = { organizationId: 'slow', visibleFrom: null };
    const filter = { op: 'contains', field: 'path', value: 'nowhere' } as const;
    const search = hurried.count(scope, filter, null);
    await expect(search).rejects.toMatchObject({ code: 'QUERY_TIMEOUT' });
    await expect(search).rejects.toThrow('narrow its createdAt window');
    await hurried.close();
  });

  if (server.script === null) {
    it('is not killed, because no script of it was given in RELAYLOG_TEST_MONGODB_SCRIPTS', () => {
      expect(server.script).toBeNull();
    });
  } else {
    it('calls fail within two seconds while it is away, and succeed again after it', async () => {
      const early = new MongoStore({ url: databaseUrl(server, database) });
      await store.ping();
      control(server, 'kill');
      await expectUnavailable(early.ping());
      await expectUnavailable(store.ping());
      const scope = { organizationId: 'acme', visibleFrom: null };
      await expectUnavailable(
        store.find({ scope, filter: EVERYTHING, sort: 'createdAt', direction: 'asc', limit: 1 }),
      );
      await expectUnavailable(store.insert(batchOf('acme', 0, 1)));
      control(server, 'resume');
      await early.ping();
      await store.ping();
      await early.close();
    });

    it('what was acknowledged before a kill is there after it, and what was not is completed by a retry', async () => {
      const batches = Array.from({ length: 200 }, (_, i) => batchOf('killed', i * 100, 100));
      const acknowledged: RecordedRequest[][] = [];
      const killer = new Promise<void>((resolve) => {
        setTimeout(() => resolve(control(server, 'kill')), 400);
      });
      const ingest = async () => {
        for (const batch of batches) {
          await store.insert(batch);
          acknowledged.push(batch);
        }
      };
      await expect(ingest()).rejects.toMatchObject({ code: 'UNAVAILABLE' });
      await killer;
      control(server, 'resume');
      expect(acknowledged.length).toBeGreaterThan(0);
      const upTo = acknowledged.flat();
      const scope = { organizationId: 'killed', visibleFrom: null };
      const ids = upTo.map(({ log }) => log.id);
      expect(await store.findByIds(scope, ids)).toEqual(upTo.map(({ log }) => log));
      expect(await store.payloads(scope, ids)).toEqual(upTo.map(({ payload }) => payload));

      let [stored, duplicates] = [0, 0];
      const all = batches.slice(0, acknowledged.length + 2);
      for (const batch of all) {
        const result = await store.insert(batch);
        stored += result.stored;
        duplicates += result.duplicates;
      }
      expect(stored + duplicates).toBe(all.length * 100);
      expect(duplicates).toBeGreaterThanOrEqual(upTo.length);
      await expectWhole(store, all.flat());
    });
  }

  if (!server.hasFailPoints) {
    it('does not fail on demand, because this server has no fail points', () => {
      expect(server.hasFailPoints).toBe(false);
    });
  } else {
    it('a write that fails once is tried again unseen', async () => {
      await failing(server, { times: 1 }, { failCommands: ['insert'], closeConnection: true });
      expect(await store.insert(batchOf('once', 0, 10))).toEqual({ stored: 10, duplicates: 0 });
    });

    it.each([
      ['the connection is lost', { closeConnection: true }],
      ['the primary steps down', { errorCode: 10107, errorLabels: ['RetryableWriteError'] }],
      ['the primary shuts down', { errorCode: 91, errorLabels: ['RetryableWriteError'] }],
      [
        'no majority confirms',
        { writeConcernError: { code: 64, errmsg: 'waiting for replication timed out' } },
      ],
    ])('a batch that fails as %s is completed by a retry', async (name, how) => {
      const batch = batchOf(name, 0, 50);
      // A part of it is there, as after a bulk write that was cut short.
      await store.insert(batch.filter((_, i) => i % 3 === 0));
      await failing(server, 'alwaysOn', { failCommands: ['insert'], ...how });
      await expectUnavailable(store.insert(batch));
      await failing(server, 'off', {});
      const { stored, duplicates } = await store.insert(batch);
      expect(stored + duplicates).toBe(50);
      expect(await store.insert(batch)).toEqual({ stored: 0, duplicates: 50 });
      await expectWhole(store, batch);
    });

    it('a read that meets a primary stepping down is tried again unseen, and is UNAVAILABLE where that lasts', async () => {
      await failing(server, { times: 1 }, { failCommands: ['find'], errorCode: 10107 });
      await store.ping();
      await failing(server, 'alwaysOn', { failCommands: ['find'], errorCode: 10107 });
      await expectUnavailable(store.ping());
      await failing(server, 'off', {});
      await store.ping();
    });
  }
});

async function failing(
  server: Server,
  mode: 'off' | 'alwaysOn' | { times: number },
  data: object,
): Promise<void> {
  await withClient(server.url, (client) =>
    client.db('admin').command({ configureFailPoint: 'failCommand', mode, data }),
  );
}
