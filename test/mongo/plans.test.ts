import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { LogQuery } from '../../src/log/query.ts';
import { DIRECTIONS, positionOf, SORT_FIELDS } from '../../src/log/sort.ts';
import { MONGO_PATHS } from '../../src/store/mongo/access-paths.ts';
import { connectionTo } from '../../src/store/mongo/connection.ts';
import { documentFromLog } from '../../src/store/mongo/documents.ts';
import { readExplain } from '../../src/store/mongo/query/explain.ts';
import { type Find, pageSteps } from '../../src/store/mongo/query/page.ts';
import { MongoStore } from '../../src/store/mongo/store.ts';
import { manyLogs } from '../store/many-logs.ts';
import { FILTERS } from '../store/questions.ts';
import { databaseUrl, dropDatabase, SERVERS, testDatabase } from './servers.ts';

const ORDERS = SORT_FIELDS.flatMap((sort) => DIRECTIONS.map((direction) => ({ sort, direction })));
const BATCH = 5_000;

describe.each(SERVERS.filter((server) => server.sortsByIndex))('query plans on $name', (server) => {
  const database = testDatabase();
  const url = databaseUrl(server, database);
  const store = new MongoStore({ url });
  const connection = connectionTo(url, 60_000);
  const logs = manyLogs();

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

  const explain = async ({ filter, ...options }: Find) =>
    readExplain(await connection.logs.find(filter, options).explain('queryPlanner'));

  describe.each(ORDERS)('by $sort $direction', ({ sort, direction }) => {
    it.each(Object.entries(FILTERS))(
      'read the chosen index in order for %s, also on a later page',
      async (_name, filter) => {
        const scope = { organizationId: 'acme', visibleFrom: null };
        const first: LogQuery = { scope, filter, sort, direction, limit: 50 };
        const page = await store.find(first);
        expect(page.length).toBeGreaterThan(0);
        for (const query of [first, { ...first, after: positionOf(page.at(-1)!, sort) }]) {
          const plan = MONGO_PATHS.planPage(query);
          const [key] = plan.streams;
          const values = key === undefined ? [] : 'values' in key ? key.values : [200, 404, 500];
          const streams = key === undefined ? [[]] : values.map((value) => [value]);
          for (const find of pageSteps(query, plan, streams).flat()) {
            const explained = await explain(find);
            expect({ find, ...explained }).toMatchObject({
              indexes: [plan.index.name],
              scansCollection: false,
              sortsRows: false,
            });
          }
        }
      },
    );
  });
});

describe.each(SERVERS.filter((server) => !server.sortsByIndex))('query plans on $name', (server) => {
  it('are not tested, because this server sorts every result in memory', () => {
    expect(server.sortsByIndex).toBe(false);
  });
});
