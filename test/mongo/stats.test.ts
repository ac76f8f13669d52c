import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { HOUR_MS } from '../../src/lib/time-units.ts';
import { MATCH_ALL } from '../../src/log/filter.ts';
import { bucketMeasures, groupAnswers } from '../../src/stats/answer.ts';
import { BIN_COUNT, binOf } from '../../src/stats/duration-bins.ts';
import { checkedPart, type StatsPart } from '../../src/stats/question.ts';
import { Sketch } from '../../src/stats/sketch.ts';
import { MONGO_PATHS } from '../../src/store/mongo/access-paths.ts';
import { type Connection, connectionTo } from '../../src/store/mongo/connection.ts';
import { documentFromLog } from '../../src/store/mongo/documents.ts';
import { readExplain } from '../../src/store/mongo/query/explain.ts';
import { startSearch } from '../../src/store/mongo/search.ts';
import { cellsAggregate } from '../../src/store/mongo/stats/collect-logs.ts';
import { readStats } from '../../src/store/mongo/stats/stats.ts';
import { MongoStore } from '../../src/store/mongo/store.ts';
import { manyLogs } from '../store/many-logs.ts';
import { FILTERS } from '../store/questions.ts';
import { recorded, SAMPLE_TIME, sampleLog } from '../store/samples.ts';
import { databaseUrl, dropDatabase, failing, SERVERS, testDatabase } from './servers.ts';

const BATCH = 5_000;
const ALL: StatsPart = { groups: null, buckets: null };
const COUNT = { measure: 'COUNT', direction: 'desc' } as const;
const byMethod: StatsPart & { buckets: null } = {
  groups: { by: ['METHOD'], top: 10, order: COUNT, search: null },
  buckets: null,
};
const hours: StatsPart = {
  groups: null,
  buckets: { interval: 'HOUR', timeZone: 'UTC', from: SAMPLE_TIME, to: SAMPLE_TIME + 24 * HOUR_MS },
};
const scopeOf = (organizationId: string) => ({ organizationId, visibleFrom: null });

/** The lowest and the highest duration of each bin, without duplicates. */
function endsOfBins(): number[] {
  const starts = [0];
  for (let bin = 1; bin < BIN_COUNT; bin++) {
    let [low, high] = [starts.at(-1)!, 2 ** 31 - 1];
    while (low < high) {
      const middle = Math.floor((low + high) / 2);
      if (binOf(middle) < bin) low = middle + 1;
      else high = middle;
    }
    starts.push(low);
  }
  return [...new Set([...starts, ...starts.slice(1).map((start) => start - 1), 2 ** 31 - 1])];
}

describe.each(SERVERS)('statistics on $name', (server) => {
  const database = testDatabase();
  const url = databaseUrl(server, database);
  const store = new MongoStore({ url });
  const connection = connectionTo(url, 60_000);
  // A serial server inserts slowly.
  const logs = manyLogs().slice(0, server.isSerial ? 2_000 : 20_000);

  beforeAll(async () => {
    await store.ping();
    const documents = logs.map(documentFromLog);
    for (let i = 0; i < documents.length; i += BATCH) {
      await connection.logs.insertMany(documents.slice(i, i + BATCH), { ordered: false });
    }
  });
  afterAll(async () => {
    await store.close();
    await connection.client.close();
    await dropDatabase(server, database);
  });

  it('put every duration into the same bin as binOf', async () => {
    const durations = endsOfBins();
    const own = durations.map((durationMs, i) =>
      sampleLog({ organizationId: 'bins', requestId: `b${i}`, durationMs, method: `M${durationMs}` }),
    );
    for (let i = 0; i < own.length; i += 500) await store.insert(own.slice(i, i + 500).map(recorded));
    const bin = (duration: number) => {
      const sketch = new Sketch();
      sketch.add(duration);
      return sketch.encode();
    };
    for (let i = 0; i < durations.length; i += 100) {
      const some = durations.slice(i, i + 100);
      const values = some.map((duration) => `M${duration}`);
      const part = checkedPart({ groups: { ...byMethod.groups!, top: 100 }, buckets: null });
      const [answer] = await store.stats(scopeOf('bins'), { op: 'in', field: 'method', values }, [part]);
      const groups = groupAnswers(answer!, part);
      expect(groups).toHaveLength(some.length);
      for (const { key, measures } of groups) {
        const duration = Number(key[0]!.value!.slice(1));
        expect(measures.durations.sketch).toEqual(bin(duration));
        expect([measures.durations.min, measures.durations.max]).toEqual([duration, duration]);
      }
    }
  });

  it('read a field that an older version did not write as null', async () => {
    const { consumerId, host, ...document } = documentFromLog(
      sampleLog({ organizationId: 'old', statusCode: 404 }),
    );
    await connection.logs.insertOne(document as Parameters<Connection['logs']['insertOne']>[0]);
    await store.insert([recorded(sampleLog({ organizationId: 'old', requestId: 'r2', durationMs: null }))]);
    const by = ['HOST', 'CONSUMER_ID', 'STATUS_CLASS'] as const;
    const part = checkedPart({ groups: { ...byMethod.groups!, by }, buckets: null });
    const [answer] = await store.stats(scopeOf('old'), MATCH_ALL, [part]);
    expect(answer!.groups).toEqual({
      keys: [
        [null, null, '2xx'],
        [null, null, '4xx'],
      ],
      count: 2,
    });
  });

  it.each(Object.entries(FILTERS))('read the index of the plan for %s', async (_name, filter) => {
    const scope = scopeOf('acme');
    const parts = [ALL, byMethod].map(checkedPart);
    const { pipeline, hint } = cellsAggregate(scope, filter, parts)!;
    const explained = await connection.logs.aggregate(pipeline, { hint }).explain('queryPlanner');
    expect(hint).toBe(MONGO_PATHS.planFilter(scope, filter).index.name);
    expect(readExplain(explained)).toMatchObject({ indexes: [hint], scansCollection: false });
  });

  it('read only the logs in the time of the buckets', async () => {
    const part = checkedPart(hours);
    const { from } = part.buckets!.ranges[0]!;
    const to = part.buckets!.ranges.at(-1)!.to;
    const inTime = logs.filter(
      (log) => log.organizationId === 'acme' && log.createdAt >= from && log.createdAt < to,
    );
    expect(inTime.length).toBeGreaterThan(10);
    expect(await store.statsWork(scopeOf('acme'), MATCH_ALL, [part])).toEqual({
      cells: 0,
      logs: inTime.length,
    });
    const [answer] = await store.stats(scopeOf('acme'), MATCH_ALL, [part]);
    const counts = bucketMeasures(answer!, part).map(({ count }) => count);
    expect(counts).toEqual(
      part.buckets!.ranges.map(
        ({ from, to }) => inTime.filter((log) => log.createdAt >= from && log.createdAt < to).length,
      ),
    );
    expect(await store.statsWork(scopeOf('acme'), MATCH_ALL, [])).toEqual({ cells: 0, logs: 0 });
  });

  it('throw QUERY_TIMEOUT when the time limit is exceeded, and end when their client disconnects', async () => {
    const hurried = new MongoStore({ url, readMs: 1 });
    const parts = Array.from({ length: 8 }, () => checkedPart(byMethod));
    await expect(hurried.stats(scopeOf('acme'), MATCH_ALL, parts)).rejects.toMatchObject({
      code: 'QUERY_TIMEOUT',
    });
    await hurried.close();
    const client = new AbortController();
    const { result, ended } = startSearch(
      connection,
      10_000,
      (on) => readStats(on, scopeOf('acme'), MATCH_ALL, parts),
      { signal: client.signal },
    );
    client.abort();
    await expect(result).rejects.toMatchObject({ code: 'CLIENT_CLOSED_REQUEST' });
    await ended;
  });

  if (!server.hasFailPoints) {
    it('do not run out of memory on demand, because this server has no fail points', () => {
      expect(server.hasFailPoints).toBe(false);
    });
  } else {
    it.each([146, 292])(
      'reject a question that needs more memory than the server has (code %i)',
      async (errorCode) => {
        await failing(server, { times: 1 }, { failCommands: ['aggregate'], errorCode });
        // No roll-up has paths, so its first aggregate is about logs.
        const filter = { op: 'contains', field: 'path', value: '/' } as const;
        await expect(store.stats(scopeOf('acme'), filter, [checkedPart(byMethod)])).rejects.toMatchObject({
          code: 'BAD_USER_INPUT',
          message: expect.stringContaining('use a filter, a dimension with fewer values'),
        });
      },
    );
  }
});
