import { setTimeout } from 'node:timers/promises';
import type { Document } from 'mongodb';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { DAY_MS, HOUR_MS } from '../../src/lib/time-units.ts';
import { allOf, MATCH_ALL } from '../../src/log/filter.ts';
import { allMeasures, bucketMeasures, groupAnswers } from '../../src/stats/answer.ts';
import { checkedPart } from '../../src/stats/question.ts';
import { type Connection, connectionTo } from '../../src/store/mongo/connection.ts';
import { insertBatch } from '../../src/store/mongo/insert.ts';
import { deleteLogs } from '../../src/store/mongo/stats/delete-logs.ts';
import { whileMarked } from '../../src/store/mongo/stats/marks.ts';
import { RollUpBuilder } from '../../src/store/mongo/stats/rebuild.ts';
import { readStats, statsWork } from '../../src/store/mongo/stats/stats.ts';
import { MongoStore } from '../../src/store/mongo/store.ts';
import type { RollUpCheck, RollUpCheckPosition } from '../../src/store/roll-ups/check.ts';
import { ROLL_UP_LIMITS } from '../../src/store/roll-ups/declared.ts';
import { recorded, SAMPLE_TIME, sampleLog } from '../store/samples.ts';
import { databaseUrl, dropDatabase, SERVERS, testDatabase } from './servers.ts';

/** After all logs. */
const NOW = SAMPLE_TIME + 30 * DAY_MS;
/** Builds at once: no insert is in flight. */
const IDLE = { ...ROLL_UP_LIMITS, quietMs: 0, hourBytesPerLog: 10_000 };
/** Longer than a test. */
const QUIET = { ...IDLE, quietMs: HOUR_MS };
const ALL = checkedPart({ groups: null, buckets: null });
const ALL_METHODS = { by: ['METHOD'], order: { measure: 'COUNT', direction: 'desc' }, search: null } as const;
/** The days of most logs: `SAMPLE_TIME` is the start of a day. */
const FIRST_DAYS = allOf([
  { op: 'gte', field: 'createdAt', value: SAMPLE_TIME },
  { op: 'lt', field: 'createdAt', value: SAMPLE_TIME + 3 * DAY_MS },
]);

/** The collection with some methods replaced. */
function withMethods<C extends object>(collection: C, methods: Partial<Record<keyof C, unknown>>): C {
  return new Proxy(collection, {
    get(target, name) {
      if (Object.hasOwn(methods, name)) return methods[name as keyof C];
      const value = target[name as keyof C];
      return typeof value === 'function' ? value.bind(target) : value;
    },
  });
}

describe.each(SERVERS)('roll-ups on $name', (server) => {
  const database = testDatabase();
  const url = databaseUrl(server, database);
  const store = new MongoStore({ url });
  const connection = connectionTo(url, 60_000);
  let tenant = 0;
  let organizationId = '';
  const log = (n: number, createdAt = SAMPLE_TIME) =>
    recorded(sampleLog({ organizationId, requestId: `r${n}`, createdAt }));
  const newTenant = () => {
    organizationId = `org${++tenant}`;
  };

  beforeAll(() => store.ping());
  afterEach(() => vi.restoreAllMocks());
  afterAll(async () => {
    await store.close();
    await connection.client.close();
    await dropDatabase(server, database);
  });

  const count = async (on: Connection = connection) => {
    const scope = { organizationId, visibleFrom: null };
    const [answer] = await readStats(on, scope, MATCH_ALL, [ALL]);
    return allMeasures(answer!).count;
  };
  const work = () => statsWork(connection, { organizationId, visibleFrom: null }, MATCH_ALL, [ALL]);
  const build = async (limits = IDLE) => {
    while (await store.rollUpStep(NOW, limits));
  };
  const expectNoDifferences = async () => {
    let after: RollUpCheckPosition | null = null;
    do {
      const step: RollUpCheck = await store.checkRollUps(after);
      expect(step.differences).toEqual([]);
      after = step.next;
    } while (after !== null);
  };

  /** A connection that does some work just before it reads the progress and the marks for the nth time. */
  const atRead = (nth: number, doWork: () => Promise<unknown>) => {
    let reads = 0;
    const rollUpProgress = withMethods(connection.rollUpProgress, {
      aggregate: (...options: Parameters<Connection['rollUpProgress']['aggregate']>) => {
        const cursor = connection.rollUpProgress.aggregate(...options);
        return withMethods(cursor, {
          toArray: async () => {
            if (++reads === nth) await doWork();
            return cursor.toArray();
          },
        });
      },
    });
    return { on: { ...connection, rollUpProgress }, reads: () => reads };
  };

  it('answer from cells once they are built', async () => {
    newTenant();
    await store.insert([log(1), log(2, SAMPLE_TIME + 3 * HOUR_MS)]);
    expect(await work()).toEqual({ cells: 0, logs: 2 });
    await build();
    expect(await work()).toEqual({ cells: 1, logs: 0 });
    expect(await count()).toBe(2);
    await expectNoDifferences();
  });

  it('an insert fails if its hours cannot be marked', async () => {
    newTenant();
    const rollUpMarks = withMethods(connection.rollUpMarks, {
      bulkWrite: () => Promise.reject(new Error('no marks')),
    });
    await expect(insertBatch({ ...connection, rollUpMarks }, [log(1)])).rejects.toThrow('no marks');
    expect(await connection.logs.countDocuments({ organizationId })).toBe(0);
  });

  it('an hour is not built while an insert that has marked it may be in flight', async () => {
    newTenant();
    await store.insert([log(1)]);
    await build();
    const marked = Promise.withResolvers<void>();
    const resumed = Promise.withResolvers<void>();
    const logs = withMethods(connection.logs, {
      insertMany: async (...documents: Parameters<Connection['logs']['insertMany']>) => {
        marked.resolve();
        await resumed.promise;
        return connection.logs.insertMany(...documents);
      },
    });
    const insert = insertBatch({ ...connection, logs }, [log(2)]);
    await marked.promise;
    expect(await store.rollUpStep(NOW, QUIET)).toBe(false);
    expect(await store.rollUpStatus()).toMatchObject({ changedHours: 1 });
    expect(await count()).toBe(1);
    // Neither is it built as an old hour without cells.
    await store.resetRollUps();
    await build(QUIET);
    expect(await count()).toBe(1);
    resumed.resolve();
    await insert;
    expect(await count()).toBe(2);
    await build();
    expect(await work()).toEqual({ cells: 1, logs: 0 });
    expect(await count()).toBe(2);
    await expectNoDifferences();
  });

  it('an hour is built when its mark was unchanged for long enough, not another mark of the hour', async () => {
    newTenant();
    await store.insert([log(1)]);
    await build();
    const limits = { ...IDLE, quietMs: 500 };
    const builder = new RollUpBuilder();
    await store.insert([log(2)]);
    expect(await builder.step(connection, NOW, limits)).toBe(false);
    await setTimeout(limits.quietMs);
    await connection.rollUpMarks.deleteMany({ organizationId });
    await store.insert([log(3)]);
    expect(await builder.step(connection, NOW, limits)).toBe(false);
    await setTimeout(limits.quietMs);
    expect(await builder.step(connection, NOW, limits)).toBe(true);
    expect(await work()).toEqual({ cells: 1, logs: 0 });
    expect(await count()).toBe(3);
  });

  it('hours are marked again if a change takes long, also if it fails', async () => {
    let time = 0;
    vi.spyOn(performance, 'now').mockImplementation(() => time);
    const mark = vi.fn(async () => undefined);
    await whileMarked(mark, async () => {
      time += ROLL_UP_LIMITS.quietMs / 2;
    });
    expect(mark).toHaveBeenCalledTimes(1);
    const failing = whileMarked(mark, async () => {
      time += ROLL_UP_LIMITS.quietMs / 2 + 1;
      throw new Error('gone');
    });
    await expect(failing).rejects.toThrow('gone');
    expect(mark).toHaveBeenCalledTimes(3);
  });

  it('a process that was suspended while it built does not undo what another one built', async () => {
    newTenant();
    await store.insert([log(1), log(2, SAMPLE_TIME + HOUR_MS)]);
    await build();
    await store.insert([log(3)]);
    let isResumed = false;
    const rollUpDays = withMethods(connection.rollUpDays, {
      bulkWrite: async (...writes: Parameters<Connection['rollUpDays']['bulkWrite']>) => {
        if (!isResumed) {
          isResumed = true;
          await store.insert([log(4), log(5, SAMPLE_TIME + HOUR_MS)]);
          await build();
        }
        return connection.rollUpDays.bulkWrite(...writes);
      },
    });
    await new RollUpBuilder().step({ ...connection, rollUpDays }, NOW, IDLE);
    expect(isResumed).toBe(true);
    expect(await count()).toBe(5);
    await build();
    expect(await count()).toBe(5);
    await expectNoDifferences();
  });

  it('hours are marked again if all roll-ups were deleted while they were built', async () => {
    newTenant();
    await store.createOrganization({ id: organizationId, plan: 'free', createdAt: 0 });
    await store.insert([log(1)]);
    await build();
    await store.insert([log(2)]);
    let isReset = false;
    const rollUpMarks = withMethods(connection.rollUpMarks, {
      bulkWrite: async (...writes: Parameters<Connection['rollUpMarks']['bulkWrite']>) => {
        if (!isReset) {
          isReset = true;
          await store.resetRollUps();
          // Begins to roll up the organization again; the hour has a mark already.
          expect(await store.rollUpStep(NOW, QUIET)).toBe(true);
        }
        return connection.rollUpMarks.bulkWrite(...writes);
      },
    });
    await new RollUpBuilder().step({ ...connection, rollUpMarks }, NOW, IDLE);
    expect(isReset).toBe(true);
    expect(await count()).toBe(2);
    await build();
    expect(await count()).toBe(2);
    await expectNoDifferences();
  });

  it('an answer is read again if an hour that it read from cells changes meanwhile', async () => {
    newTenant();
    await store.insert([log(1)]);
    await build();
    // Just before the first attempt is checked.
    const { on, reads } = atRead(2, () => store.insert([log(2)]));
    expect(await count(on)).toBe(2);
    // Before and after the first attempt, and again for the second one.
    expect(reads()).toBe(4);
  });

  it('an answer is read again if all cells are deleted meanwhile', async () => {
    newTenant();
    await store.insert([log(1)]);
    await build();
    let isReset = false;
    const rollUpDays = withMethods(connection.rollUpDays, {
      find: (...options: Parameters<Connection['rollUpDays']['find']>) => {
        const cursor = connection.rollUpDays.find(...options);
        return withMethods(cursor, {
          hasNext: async () => {
            if (!isReset) await store.resetRollUps();
            isReset = true;
            return cursor.hasNext();
          },
        });
      },
    });
    expect(await count({ ...connection, rollUpDays })).toBe(1);
    expect(isReset).toBe(true);
  });

  it('an answer takes three commands, in the order that makes it right, and its work one', async () => {
    newTenant();
    await store.insert([log(1)]);
    await build();
    const monitored = connectionTo(url, 60_000, { monitorCommands: true });
    const commands: string[] = [];
    monitored.client.on('commandStarted', ({ commandName, command }) =>
      commands.push(`${commandName} ${command[commandName]}`),
    );
    const scope = { organizationId, visibleFrom: null };
    await monitored.client.connect();
    commands.length = 0;
    expect(await statsWork(monitored, scope, FIRST_DAYS, [ALL])).toEqual({ cells: 1, logs: 0 });
    expect(commands).toEqual(['aggregate roll_up_progress']);
    commands.length = 0;
    const [answer] = await readStats(monitored, scope, FIRST_DAYS, [ALL]);
    expect(allMeasures(answer!).count).toBe(1);
    expect(commands).toEqual([
      'aggregate roll_up_progress',
      'find roll_up_days',
      'aggregate roll_up_progress',
    ]);
    await monitored.client.close();
  });

  it('an answer is read again if a roll-up begins to leave out hours meanwhile', async () => {
    newTenant();
    await store.insert([log(1)]);
    await build();
    const { on } = atRead(2, async () => {
      await store.insert([log(2)]);
      await build({ ...IDLE, hourBytesPerLog: 0 });
    });
    const scope = { organizationId, visibleFrom: null };
    const methods = checkedPart({ groups: { ...ALL_METHODS, top: 1 }, buckets: null });
    const [answer] = await readStats(on, scope, FIRST_DAYS, [methods]);
    expect(groupAnswers(answer!, methods).map(({ measures }) => measures.count)).toEqual([2]);
  });

  it('hours that are left out here and there are read by one aggregate', async () => {
    newTenant();
    const ends = (hour: number) => [
      log(2 * hour, SAMPLE_TIME + hour * HOUR_MS),
      log(2 * hour + 1, SAMPLE_TIME + (hour + 1) * HOUR_MS - 1),
    ];
    const isLeftOut = (hour: number) => hour % 3 === 1 || hour === 11;
    const all = Array.from({ length: 24 }, (_, hour) => hour);
    await store.insert(all.filter(isLeftOut).flatMap(ends));
    await build({ ...IDLE, hourBytesPerLog: 0 });
    await store.insert(all.filter((hour) => !isLeftOut(hour)).flatMap(ends));
    await build();
    const monitored = connectionTo(url, 60_000, { monitorCommands: true });
    const aggregates: Document[] = [];
    monitored.client.on('commandStarted', ({ command }) => {
      if (command.aggregate === connection.logs.collectionName) aggregates.push(command);
    });
    const scope = { organizationId, visibleFrom: null };
    const range = { from: SAMPLE_TIME, to: SAMPLE_TIME + DAY_MS };
    const byHour = checkedPart({
      groups: { by: ['METHOD'], keys: [['GET']] },
      buckets: { interval: 'HOUR', timeZone: 'UTC', ...range },
    });
    const [answer] = await readStats(monitored, scope, FIRST_DAYS, [byHour]);
    expect(bucketMeasures(answer!, byHour).map(({ count }) => count)).toEqual(all.map(() => 2));
    expect(aggregates).toHaveLength(1);
    await monitored.client.close();
  });

  it.each([
    ['without a window', MATCH_ALL],
    ['in a window', FIRST_DAYS],
  ])('hours that a roll-up leaves out are read from the logs, %s', async (_name, filter) => {
    newTenant();
    await store.insert([log(1), log(2, SAMPLE_TIME + DAY_MS)]);
    await build({ ...IDLE, hourBytesPerLog: 0 });
    await store.insert([log(3, SAMPLE_TIME + HOUR_MS), log(4, SAMPLE_TIME + 2 * DAY_MS)]);
    await build();
    const scope = { organizationId, visibleFrom: null };
    const hours = {
      interval: 'HOUR',
      timeZone: 'UTC',
      from: SAMPLE_TIME,
      to: SAMPLE_TIME + 3 * DAY_MS,
    } as const;
    const methods = checkedPart({ groups: { ...ALL_METHODS, top: 1 }, buckets: null });
    const byHour = checkedPart({ groups: { by: ['METHOD'], keys: [['GET']] }, buckets: hours });
    expect(await statsWork(connection, scope, filter, [methods])).toEqual({ cells: 24, logs: 2 });
    const [ofAll, ofMethods, ofHours] = await readStats(connection, scope, filter, [ALL, methods, byHour]);
    expect(allMeasures(ofAll!).count).toBe(4);
    expect(groupAnswers(ofMethods!, methods).map(({ measures }) => measures.count)).toEqual([4]);
    const counts = bucketMeasures(ofHours!, byHour).map(({ count }) => count);
    expect(counts).toEqual(counts.map((_, hour) => ([0, 1, 24, 48].includes(hour) ? 1 : 0)));
  });

  it.each(['deleteMany', 'nothing'] as const)(
    'are right after a deletion that ended before %s',
    async (method) => {
      newTenant();
      await store.insert([log(1), log(2, SAMPLE_TIME + HOUR_MS), log(3, SAMPLE_TIME + 2 * HOUR_MS)]);
      await build();
      const { id } = log(2, SAMPLE_TIME + HOUR_MS).log;
      const fail = () => Promise.reject(new Error('killed'));
      const rollUpDays = withMethods(connection.rollUpDays, { [method]: fail });
      const deleted = deleteLogs({ ...connection, rollUpDays }, organizationId, [id]);
      if (method === 'deleteMany') await expect(deleted).rejects.toThrow('killed');
      else expect(await deleted).toBe(1);
      const left = await connection.rollUpDays.countDocuments({ organizationId });
      expect(left > 0).toBe(method === 'deleteMany');
      expect(await count()).toBe(2);
      await build();
      expect(await count()).toBe(2);
      expect(await work()).toEqual({ cells: 1, logs: 0 });
      await expectNoDifferences();
    },
  );

  it.each(['a mark', 'logs that were stored before roll-ups'])(
    'are right if an hour with %s is built while logs of its day are deleted',
    async (kind) => {
      newTenant();
      const limits = { ...IDLE, quietMs: 2_000 };
      await store.createOrganization({ id: organizationId, plan: 'free', createdAt: 0 });
      await store.insert([log(1)]);
      if (kind === 'a mark') {
        await build();
        await store.insert([log(2, SAMPLE_TIME + HOUR_MS)]);
        expect(await store.rollUpStep(NOW, limits)).toBe(false);
        await setTimeout(limits.quietMs);
      } else {
        await store.insert([log(2, SAMPLE_TIME + HOUR_MS)]);
        await connection.rollUpMarks.deleteMany({ organizationId });
        await store.resetRollUps();
      }
      const logs = withMethods(connection.logs, {
        deleteMany: async (...filter: Parameters<Connection['logs']['deleteMany']>) => {
          await build(limits);
          return connection.logs.deleteMany(...filter);
        },
      });
      await deleteLogs({ ...connection, logs }, organizationId, [log(1).log.id]);
      expect(await count()).toBe(1);
      await expectNoDifferences();
      await build();
      expect(await count()).toBe(1);
      expect(await work()).toEqual({ cells: 1, logs: 0 });
      await expectNoDifferences();
    },
  );

  it('logs that were stored before roll-ups are added from the newest to the oldest', async () => {
    newTenant();
    await store.createOrganization({ id: organizationId, plan: 'free', createdAt: 0 });
    await store.insert([log(1), log(2, SAMPLE_TIME - 3 * DAY_MS)]);
    await connection.rollUpMarks.deleteMany({ organizationId });
    await store.resetRollUps();
    expect(await count()).toBe(2);
    // Nothing marks these hours, so they are built without waiting.
    await build(QUIET);
    expect(await store.rollUpStatus()).toEqual({ changedHours: 0, unfinishedOrganizations: 0 });
    expect(await work()).toEqual({ cells: 2, logs: 0 });
    expect(await count()).toBe(2);
    await expectNoDifferences();
  });
});
