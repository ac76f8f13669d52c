import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { HOUR_MS } from '../../src/lib/time-units.ts';
import type { Filter } from '../../src/log/filter.ts';
import type { LogQuery } from '../../src/log/query.ts';
import type { RequestLog } from '../../src/log/request-log.ts';
import { connectionTo } from '../../src/store/mongo/connection.ts';
import { findLogs } from '../../src/store/mongo/logs.ts';
import { startSearch } from '../../src/store/mongo/search.ts';
import { MongoStore } from '../../src/store/mongo/store.ts';
import { recorded, SAMPLE_TIME, sampleLog } from '../store/samples.ts';
import { databaseUrl, dropDatabase, SERVERS, testDatabase } from './servers.ts';

const SPARE = 2;
const CODES = [200, 201, 301, 400, 404, 429, 500, 503];
const window: Filter = { op: 'lt', field: 'createdAt', value: SAMPLE_TIME + HOUR_MS };

describe.each(SERVERS)('the finds of a search on $name', (server) => {
  const database = testDatabase();
  const url = databaseUrl(server, database);
  const connection = connectionTo(url, 60_000, { monitorCommands: true });
  let [running, most, finds, permits] = [0, 0, 0, 0];

  beforeAll(async () => {
    const store = new MongoStore({ url });
    // 20 logs of each code in an hour, and 20 in the next one.
    await store.insert(
      Array.from({ length: 40 * CODES.length }, (_, i) =>
        recorded(
          sampleLog({
            organizationId: 'acme',
            requestId: `r${i}`,
            statusCode: CODES[i % CODES.length]!,
            createdAt: SAMPLE_TIME + (i < 20 * CODES.length ? 0 : HOUR_MS) + i,
          }),
        ),
      ),
    );
    await store.close();
    await connection.client.connect();
    connection.client.on('commandStarted', () => {
      finds++;
      most = Math.max(most, ++running);
    });
    connection.client.on('commandSucceeded', () => running--);
  });
  afterAll(async () => {
    await connection.client.close();
    await dropDatabase(server, database);
  });

  /** @param free how many further permits the search can have. */
  const search = async (query: Partial<LogQuery>, free: number): Promise<RequestLog[]> => {
    [most, finds, permits] = [0, 0, free];
    const spare = (wanted: number) => {
      const taken = Math.min(wanted, permits);
      permits -= taken;
      return Array.from({ length: taken }, () => () => void permits++);
    };
    const complete: LogQuery = {
      scope: { organizationId: 'acme', visibleFrom: null },
      filter: window,
      sort: 'statusCode',
      direction: 'desc',
      limit: 50,
      ...query,
    };
    const { result, ended } = startSearch(connection, 60_000, (on) => findLogs(on, complete), { spare });
    const page = await result;
    await ended;
    expect(permits).toBe(free);
    return page;
  };
  const codesOf = (page: readonly RequestLog[]) => [...new Set(page.map(({ statusCode }) => statusCode))];

  it('in order of the status code are one for each class that the page needs', async () => {
    expect(codesOf(await search({ limit: 10 }, SPARE))).toEqual([503]);
    expect([finds, most]).toEqual([1, 1]);
    expect(codesOf(await search({ limit: 45 }, 0))).toEqual([503, 500, 429]);
    expect([finds, most]).toEqual([2, 1]);
  });

  it('run together as far as there are permits', async () => {
    expect(codesOf(await search({ limit: 500 }, SPARE))).toEqual(CODES.toReversed());
    expect([finds, most]).toEqual([5, 2]);
    expect(await search({ limit: 500 }, 0)).toHaveLength(20 * CODES.length);
    expect([finds, most]).toEqual([5, 1]);
  });

  it('that are merged by time run together too, and return the same without further permits', async () => {
    const filter: Filter = { op: 'lt', field: 'statusCode', value: 500 };
    const query = { filter, sort: 'createdAt', limit: 100 } as const;
    const page = await search(query, SPARE);
    expect(most).toBe(1 + SPARE);
    expect(await search(query, 0)).toEqual(page);
    expect(most).toBe(1);
  });
});
