import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../../src/lib/time-units.ts';
import { allOf, type Filter, MATCH_ALL } from '../../src/log/filter.ts';
import type { LogQuery } from '../../src/log/query.ts';
import { MONGO_PATHS } from '../../src/store/mongo/access-paths.ts';
import { connectionTo } from '../../src/store/mongo/connection.ts';
import { findLogs } from '../../src/store/mongo/logs.ts';
import { markHours } from '../../src/store/mongo/stats/marks.ts';
import { hasAtMost } from '../../src/store/mongo/stats/window-size.ts';
import { MongoStore } from '../../src/store/mongo/store.ts';
import { ROLL_UP_LIMITS } from '../../src/store/roll-ups/declared.ts';
import { withinTime } from '../../src/store/time-window.ts';
import { expectedCount, expectedPage } from '../store/oracle.ts';
import { recorded, SAMPLE_TIME, sampleLog } from '../store/samples.ts';
import { databaseUrl, dropDatabase, SERVERS, testDatabase } from './servers.ts';

const DAYS = 10;
const END = SAMPLE_TIME + DAYS * DAY_MS;
/** Long after the hour of the last log. */
const LATER = END + DAY_MS;
const STATUS_CODES = [200, 200, 201, 404, 500, 200, 429, 503, 200, 301];
const LOGS = Array.from({ length: 600 }, (_, i) =>
  sampleLog({
    requestId: `r${i}`,
    // 60 logs a day, in time order.
    createdAt: SAMPLE_TIME + Math.floor((i / 600) * DAYS * DAY_MS),
    statusCode: STATUS_CODES[(i * 7) % 10]!,
    method: ['GET', 'POST', 'PUT'][i % 3]!,
    routePattern: i % 4 === 0 ? null : `/r${i % 4}`,
    apiKeyId: `key_${i % 5}`,
    durationMs: (i * 31) % 997,
  }),
);
/** All roll-ups are held. */
const LIMITS = { ...ROLL_UP_LIMITS, quietMs: 0, hourBytesPerLog: 10_000 };

const FILTERS: Readonly<Record<string, Filter>> = {
  everything: MATCH_ALL,
  failures: { op: 'gte', field: 'statusCode', value: 400 },
  '5xx': { op: 'gte', field: 'statusCode', value: 500 },
  '4xx': allOf([
    { op: 'gte', field: 'statusCode', value: 400 },
    { op: 'lt', field: 'statusCode', value: 500 },
  ]),
  'below 400': { op: 'lt', field: 'statusCode', value: 400 },
  'two status codes': { op: 'in', field: 'statusCode', values: [404, 503] },
  'a method': { op: 'eq', field: 'method', value: 'POST' },
  'no route': { op: 'eq', field: 'routePattern', value: null },
  'an API key': { op: 'eq', field: 'apiKeyId', value: 'key_2' },
  'an unknown API key': { op: 'eq', field: 'apiKeyId', value: 'no' },
};
const day = (n: number) => SAMPLE_TIME + n * DAY_MS;
const WINDOWS: Readonly<Record<string, Filter>> = {
  'no window': MATCH_ALL,
  'an hour': withinTime({ from: day(3) + 5 * HOUR_MS, to: day(3) + 6 * HOUR_MS }),
  'parts of hours': withinTime({ from: day(3) + 90 * MINUTE_MS, to: day(3) + 400 * MINUTE_MS }),
  'two days': withinTime({ from: day(4), to: day(6) }),
  'a week with parts of days': withinTime({ from: day(1) + HOUR_MS, to: day(8) + HOUR_MS }),
  'before all logs': withinTime({ from: day(-9), to: day(-8) }),
};

describe.each(SERVERS)('the size of a window on $name', (server) => {
  const database = testDatabase();
  const url = databaseUrl(server, database);
  const store = new MongoStore({ url });
  const connection = connectionTo(url, 60_000, { monitorCommands: true });
  const scope = { organizationId: 'acme', visibleFrom: null };
  /** The collections that aggregates read, in order, and the number of finds. */
  const sent = { aggregates: [] as string[], finds: [] as string[] };

  beforeAll(async () => {
    await store.insert(LOGS.map(recorded));
    while (await store.rollUpStep(LATER, LIMITS));
    await connection.client.connect();
    connection.client.on('commandStarted', ({ command }) => {
      if (command.aggregate !== undefined) sent.aggregates.push(command.aggregate);
      if (command.find !== undefined) sent.finds.push(command.hint);
    });
  });
  afterAll(async () => {
    await store.close();
    await connection.client.close();
    await dropDatabase(server, database);
  });

  const planOf = (filter: Filter, organizationId = 'acme') =>
    MONGO_PATHS.planFilter({ organizationId, visibleFrom: null }, filter);
  const commandsOf = async <T>(read: () => Promise<T>) => {
    sent.aggregates = [];
    sent.finds = [];
    const result = await read();
    return { result, aggregates: sent.aggregates, finds: sent.finds };
  };
  const decide = (filter: Filter, most: number, now = LATER) =>
    commandsOf(() => hasAtMost(connection, scope, planOf(filter), most, now));

  const countOf = (filter: Filter) => expectedCount(LOGS, scope, filter);

  it.each(Object.entries(FILTERS))('of %s is told exactly, whatever the limit', async (_name, ofLogs) => {
    for (const [window, ofTime] of Object.entries(WINDOWS)) {
      const filter = allOf([ofLogs, ofTime]);
      const count = countOf(filter);
      for (const most of new Set([Math.max(0, count - 1), count])) {
        const { result } = await decide(filter, most);
        expect({ window, most, result }).toEqual({ window, most, result: count <= most });
      }
    }
  });

  it.each(['everything', 'failures', '5xx', 'a method', 'no route', 'an API key'])(
    'of %s is read from roll-ups, without an index entry of the logs',
    async (name) => {
      for (const window of ['an hour', 'two days', 'before all logs']) {
        const filter = allOf([FILTERS[name]!, WINDOWS[window]!]);
        const count = countOf(filter);
        for (const most of [Math.max(0, count - 1), count])
          expect((await decide(filter, most)).aggregates).toEqual(['roll_up_days']);
      }
      // How many logs the parts of two days have is not known.
      const ofWeek = allOf([FILTERS[name]!, WINDOWS['a week with parts of days']!]);
      for (const most of [50, 600]) expect((await decide(ofWeek, most)).aggregates).toEqual(['roll_up_days']);
    },
  );

  it('of the open hour is counted with the same command as its other hours are read', async () => {
    const filter = withinTime({ from: day(5), to: END });
    const now = END - 30 * MINUTE_MS;
    for (const most of [200, 400]) {
      expect(await decide(filter, most, now)).toMatchObject({
        result: most === 400,
        aggregates: ['request_logs'],
      });
    }
  });

  it('that has no end takes one command too', async () => {
    for (const filter of Object.values(FILTERS).slice(0, 4)) {
      expect((await decide(filter, countOf(filter))).aggregates).toEqual(['request_logs']);
    }
  });

  it('that begins less than two hours before the open one is only counted', async () => {
    const { result, aggregates } = await decide(withinTime({ from: END - HOUR_MS, to: END }), 1, END);
    expect({ result, aggregates }).toEqual({ result: false, aggregates: ['request_logs'] });
  });

  it('is counted if its hours were changed so much that it can be above the limit', async () => {
    const hour = day(3) / HOUR_MS;
    await markHours(connection, new Map([['acme', new Map([[hour, 500]])]]));
    const filter = withinTime({ from: day(3), to: day(4) });
    expect(await decide(filter, 200)).toMatchObject({
      result: true,
      aggregates: ['roll_up_days', 'request_logs'],
    });
    expect(await decide(filter, 700)).toMatchObject({ result: true, aggregates: ['roll_up_days'] });
    await connection.rollUpMarks.deleteMany({});
  });

  it('is counted if nothing is rolled up', async () => {
    const other = { organizationId: 'globex', visibleFrom: null };
    const filter = WINDOWS['two days']!;
    const read = () => hasAtMost(connection, other, planOf(filter, 'globex'), 5, LATER);
    const { result, aggregates } = await commandsOf(read);
    expect({ result, aggregates }).toEqual({ result: true, aggregates: ['roll_up_days', 'request_logs'] });
  });

  it('decides that a page reads the entries of a small window once', async () => {
    const filter = allOf([FILTERS.failures!, WINDOWS['two days']!]);
    const query: LogQuery = { scope, filter, sort: 'durationMs', direction: 'desc', limit: 50 };
    const { result, aggregates, finds } = await commandsOf(() => findLogs(connection, query));
    expect(result).toEqual(expectedPage(LOGS, query));
    expect({ aggregates, finds }).toEqual({ aggregates: ['roll_up_days'], finds: ['failed'] });
  });
});
