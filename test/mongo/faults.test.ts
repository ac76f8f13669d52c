import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { afterAll, describe, expect, it } from 'vitest';
import { MATCH_ALL } from '../../src/log/filter.ts';
import type { RecordedRequest } from '../../src/log/request-log.ts';
import { MongoStore } from '../../src/store/mongo/store.ts';
import { BATCH_SIZE, ingestBatch } from './ingest-batch.ts';
import {
  control,
  databaseUrl,
  dropDatabase,
  failing,
  SERVERS,
  type Server,
  testDatabase,
} from './servers.ts';

const MAX_FAILURE_MS = 2_000;
/** The error of the call, and the time until it failed. */
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
  expect(ms).toBeLessThan(MAX_FAILURE_MS);
}

/** Expects the organization's first logs to be this batch, each log once and with its payload. Without a limit, there are no others. */
async function expectComplete(
  store: MongoStore,
  batch: readonly RecordedRequest[],
  limit = batch.length + 1,
) {
  const scope = { organizationId: batch[0]!.log.organizationId, visibleFrom: null };
  const query = { scope, filter: MATCH_ALL, sort: 'createdAt', direction: 'asc' } as const;
  const found = await store.find({ ...query, limit });
  expect(found).toEqual(batch.map(({ log }) => log));
  const ids = found.map(({ id }) => id);
  expect(await store.payloads(scope, ids)).toEqual(batch.map(({ payload }) => payload));
}

describe.each(SERVERS)('with faults of $name', (server) => {
  const database = testDatabase();
  const store = new MongoStore({ url: databaseUrl(server, database) });
  /** Reads whole batches, which takes a server in Python longer than the usual limit on a slow machine. */
  const patient = new MongoStore({ url: databaseUrl(server, database), readMs: 60_000 });
  afterAll(async () => {
    await Promise.all([store.close(), patient.close()]);
    await dropDatabase(server, database);
  });

  it('the error of a search that takes too long suggests how to narrow it', async () => {
    for (let i = 0; i < 100; i++) await store.insert(ingestBatch(i, 'slow'));
    const hurried = new MongoStore({ url: databaseUrl(server, database), readMs: 1 });
    const scope = { organizationId: 'slow', visibleFrom: null };
    const filter = { op: 'contains', field: 'path', value: 'nowhere' } as const;
    const search = hurried.count(scope, filter, null);
    await expect(search).rejects.toMatchObject({ code: 'QUERY_TIMEOUT' });
    await expect(search).rejects.toThrow('narrow its createdAt window');
    await hurried.close();
  });

  it('slow searches end when their client disconnects, and do not delay those of another organization', async () => {
    await store.insert(ingestBatch(0, 'quick'));
    const nowhere = Array.from({ length: server.isSerial ? 3 : 90 }, (_, i) => ({
      op: 'contains' as const,
      field: 'path' as const,
      value: `nowhere${i}`,
    }));
    const client = new AbortController();
    const slow = Array.from({ length: 200 }, () =>
      store.count({ organizationId: 'slow', visibleFrom: null }, { op: 'or', filters: nowhere }, null, {
        signal: client.signal,
      }),
    );
    const settled = Promise.allSettled(slow);
    const quick = { organizationId: 'quick', visibleFrom: null };
    expect(await store.count(quick, MATCH_ALL, null)).toEqual({ count: BATCH_SIZE, exact: true });
    client.abort();
    const codes = (await settled).map((one) => (one.status === 'rejected' ? one.reason.code : 'done'));
    // A serial server completes some of them before the quick one.
    const ended = server.isSerial ? codes.filter((code) => code !== 'done') : codes;
    // Those beyond the limit were rejected at once.
    expect(new Set(ended)).toEqual(new Set(['CLIENT_CLOSED_REQUEST', 'UNAVAILABLE']));
    expect(await store.count(quick, MATCH_ALL, null)).toEqual({ count: BATCH_SIZE, exact: true });
  });

  if (server.script === null) {
    it('is not killed, because RELAYLOG_TEST_MONGODB_SCRIPTS has no script for it', () => {
      expect(server.script).toBeNull();
    });
  } else {
    it('calls fail within two seconds while the server is down, and succeed again afterwards', async () => {
      const connected = new MongoStore({ url: databaseUrl(server, database) });
      await store.ping();
      control(server, 'kill');
      await expectUnavailable(connected.ping());
      await expectUnavailable(store.ping());
      const scope = { organizationId: 'acme', visibleFrom: null };
      await expectUnavailable(
        store.find({ scope, filter: MATCH_ALL, sort: 'createdAt', direction: 'asc', limit: 1 }),
      );
      await expectUnavailable(store.insert(ingestBatch(0, 'acme')));
      control(server, 'resume');
      await connected.ping();
      await store.ping();
      await connected.close();
    });

    it('acknowledged logs survive a kill of the database, and a retry completes the rest', async () => {
      const ingest = ingestInChildProcess(server, database);
      await ingest.acknowledged(5);
      control(server, 'kill');
      const acknowledged = await ingest.end;
      control(server, 'resume');
      await expectCompleted(patient, acknowledged);
    });
  }

  it('acknowledged logs survive a kill of the ingesting process, and a retry completes the rest', async () => {
    await dropDatabase(server, database);
    const ingest = ingestInChildProcess(server, database);
    await ingest.acknowledged(5);
    ingest.kill();
    await expectCompleted(patient, await ingest.end);
  });

  if (!server.hasFailPoints) {
    it('does not fail on demand, because this server has no fail points', () => {
      expect(server.hasFailPoints).toBe(false);
    });
  } else {
    it('a write that fails once is retried transparently', async () => {
      await failing(server, { times: 1 }, { failCommands: ['insert'], closeConnection: true });
      expect(await store.insert(ingestBatch(0, 'once'))).toEqual({ stored: BATCH_SIZE, duplicates: 0 });
    });

    it.each([
      ['the connection is lost', { closeConnection: true }],
      ['the primary steps down', { errorCode: 10107, errorLabels: ['RetryableWriteError'] }],
      ['the primary shuts down', { errorCode: 91, errorLabels: ['RetryableWriteError'] }],
      [
        'no majority acknowledges it',
        { writeConcernError: { code: 64, errmsg: 'waiting for replication timed out' } },
      ],
    ])('a retry completes a batch that failed because %s', async (name, how) => {
      const batch = ingestBatch(0, name);
      // A part of it is stored, as after an interrupted bulk write.
      await store.insert(batch.filter((_, i) => i % 3 === 0));
      await failing(server, 'alwaysOn', { failCommands: ['insert'], ...how });
      await expectUnavailable(store.insert(batch));
      await failing(server, 'off', {});
      const { stored, duplicates } = await store.insert(batch);
      expect(stored + duplicates).toBe(BATCH_SIZE);
      expect(await store.insert(batch)).toEqual({ stored: 0, duplicates: BATCH_SIZE });
      await expectComplete(store, batch);
    });

    it('a read is retried transparently when the primary steps down, and fails with UNAVAILABLE if that lasts', async () => {
      await failing(server, { times: 1 }, { failCommands: ['find'], errorCode: 10107 });
      await store.ping();
      await failing(server, 'alwaysOn', { failCommands: ['find'], errorCode: 10107 });
      await expectUnavailable(store.ping());
      await failing(server, 'off', {});
      await store.ping();
    });
  }
});

/** Starts another process that ingests batches until it fails or is killed. */
function ingestInChildProcess(server: Server, database: string) {
  const script = new URL('./ingest.ts', import.meta.url).pathname;
  const child = spawn(process.execPath, [script, databaseUrl(server, database)], {
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  let count = 0;
  const lines = createInterface({ input: child.stdout });
  lines.on('line', () => count++);
  return {
    kill: () => child.kill('SIGKILL'),
    /** Resolves when this many batches are acknowledged. */
    acknowledged: async (batches: number) => {
      while (count < batches) await once(lines, 'line');
    },
    /** Resolves at the end of the process with the number of acknowledged batches. */
    end: once(child, 'close').then(() => count),
  };
}

async function expectCompleted(store: MongoStore, acknowledged: number) {
  const batches = Array.from({ length: acknowledged + 2 }, (_, i) => ingestBatch(i));
  expect(acknowledged).toBeGreaterThan(0);
  await expectComplete(store, batches.slice(0, acknowledged).flat(), acknowledged * BATCH_SIZE);
  let [stored, duplicates] = [0, 0];
  for (const batch of batches) {
    const result = await store.insert(batch);
    stored += result.stored;
    duplicates += result.duplicates;
  }
  expect(stored + duplicates).toBe(batches.length * BATCH_SIZE);
  expect(duplicates).toBeGreaterThanOrEqual(acknowledged * BATCH_SIZE);
  await expectComplete(store, batches.flat());
}
