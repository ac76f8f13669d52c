import * as fc from 'fast-check';
import { Aggregator } from 'mingo';
import { expect, it } from 'vitest';
import { visibleMatches } from '../../../../test/store/oracle.ts';
import { anyFilter, SAMPLE_TIME, sampleLog } from '../../../../test/store/samples.ts';
import { anyPart, anyStatsFilter, logsInTime } from '../../../../test/store/stats-questions.ts';
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../../../lib/time-units.ts';
import { type Filter, MATCH_ALL } from '../../../log/filter.ts';
import { PartCollector } from '../../../stats/collector.ts';
import { DIMENSIONS } from '../../../stats/dimensions.ts';
import { STATS_LIMITS } from '../../../stats/limits.ts';
import { type CheckedPart, checkedPart, type StatsPart } from '../../../stats/question.ts';
import type { Connection } from '../connection.ts';
import { documentFromLog } from '../documents.ts';
import type { Cell } from './cells.ts';
import { cellsAggregate, collectLogs } from './collect-logs.ts';

const ACME = { organizationId: 'acme', visibleFrom: null };
const ALL: StatsPart = { groups: null, buckets: null };
const COUNT = { measure: 'COUNT', direction: 'desc' } as const;
const BY_METHOD: StatsPart & { buckets: null } = {
  groups: { by: ['METHOD'], top: 10, order: COUNT, search: null },
  buckets: null,
};
const hours = (from: number, to: number): StatsPart => ({
  groups: null,
  buckets: { interval: 'HOUR', timeZone: 'UTC', from, to },
});

/** A connection to a fake server that returns batches of cells; `read` counts them. */
function serverOf(batches: Iterable<readonly Cell[]>) {
  const commands: object[] = [];
  const state = { read: 0, closed: false };
  const iterator = batches[Symbol.iterator]();
  let next: readonly Cell[] = [];
  const cursor = {
    async hasNext() {
      const { done, value } = iterator.next();
      next = done ? [] : value;
      return !done;
    },
    readBufferedDocuments() {
      state.read++;
      return next;
    },
    async close() {
      state.closed = true;
    },
  };
  const logs = {
    aggregate(pipeline: object[], options: object) {
      commands.push({ pipeline, ...options });
      return cursor;
    },
  };
  const connection = { logs, budget: () => ({ maxTimeMS: 7 }) } as unknown as Connection;
  return { connection, commands, state };
}

function cell(id: Partial<Cell['_id']>): Cell {
  return {
    _id: { part: 0, ...id },
    count: 1,
    clientErrorCount: 0,
    serverErrorCount: 0,
    billedUnits: 0,
    firstCreatedAt: new Date(SAMPLE_TIME),
    lastCreatedAt: new Date(SAMPLE_TIME),
    durationSum: 0,
    durationMin: null,
    durationMax: -1,
    bins: [],
  };
}

/** The answers of a server, of which mingo runs the pipeline. */
async function answersOf(documents: readonly object[], filter: Filter, parts: readonly CheckedPart[]) {
  const aggregate = cellsAggregate(ACME, filter, parts);
  const cells = new Aggregator(aggregate?.pipeline ?? []).run<Cell & Record<string, unknown>>([...documents]);
  const collectors = parts.map((part) => new PartCollector(part));
  await collectLogs(serverOf([cells]).connection, ACME, filter, collectors);
  return collectors.map((collector) => collector.answer((value) => value));
}

it('collects the same as from each log, when mingo runs the pipeline', async () => {
  await fc.assert(
    fc.asyncProperty(
      logsInTime,
      fc.oneof(anyStatsFilter, anyFilter),
      fc.array(anyPart, { maxLength: 4 }),
      async (logs, filter, asked) => {
        const parts = asked.map(checkedPart);
        const expected = parts.map((part) => {
          const collector = new PartCollector(part);
          for (const log of visibleMatches(logs, ACME, filter)) {
            const key = (part.groups?.by ?? []).map((name) => {
              const { field, fromField } = DIMENSIONS[name];
              return fromField(log[field]);
            });
            collector.sumFor(key, log.createdAt)?.add(log);
          }
          return collector.answer((value) => value);
        });
        expect(await answersOf(logs.map(documentFromLog), filter, parts)).toEqual(expected);
      },
    ),
    { numRuns: 50 },
  );
});

it('reads a missing field as null', async () => {
  const { consumerId, durationMs, ...document } = documentFromLog(sampleLog());
  const byConsumer: StatsPart = { groups: { ...BY_METHOD.groups!, by: ['CONSUMER_ID'] }, buckets: null };
  const documents = [document, documentFromLog(sampleLog({ requestId: 'r2', durationMs: null }))];
  const [answer] = await answersOf(documents, MATCH_ALL, [checkedPart(byConsumer)]);
  expect(answer!.groups).toEqual({ keys: [[null]], count: 1 });
  expect([...answer!.table.numbers.slice(0, 10)]).toEqual([
    2,
    0,
    0,
    0,
    SAMPLE_TIME,
    SAMPLE_TIME,
    0,
    0,
    Number.NaN,
    Number.NaN,
  ]);
});

it('is one aggregate with the index of the plan as hint, which may use the disk and is read in batches', async () => {
  const { connection, commands } = serverOf([]);
  const filter: Filter = { op: 'eq', field: 'method', value: 'GET' };
  const collectors = [ALL, BY_METHOD].map((part) => new PartCollector(checkedPart(part)));
  await collectLogs(connection, ACME, filter, collectors);
  expect(commands).toMatchObject([{ hint: 'method', allowDiskUse: true, batchSize: 1000, maxTimeMS: 7 }]);
});

it('reads only the time of the buckets if every part has some', () => {
  const matched = (...parts: StatsPart[]) =>
    cellsAggregate(ACME, MATCH_ALL, parts.map(checkedPart))!.pipeline[0];
  const [start, end] = [SAMPLE_TIME - (SAMPLE_TIME % DAY_MS), SAMPLE_TIME - (SAMPLE_TIME % DAY_MS) + DAY_MS];
  const first = hours(start, start + MINUTE_MS);
  const last = hours(end - 2 * HOUR_MS, end);
  expect(matched(first, last)).toEqual({
    $match: {
      $and: [
        { organizationId: 'acme' },
        { createdAt: { $gte: new Date(start) } },
        { createdAt: { $lte: new Date(end - 1) } },
      ],
    },
  });
  expect(matched(first, ALL)).not.toEqual(matched(first, last));
});

it('reads only the logs of given groups, through their index if it is the only part', () => {
  const given: StatsPart = {
    ...hours(SAMPLE_TIME, SAMPLE_TIME + HOUR_MS),
    groups: { by: ['METHOD'], keys: [['GET'], ['PUT']] },
  } as StatsPart;
  const one = cellsAggregate(ACME, MATCH_ALL, [checkedPart(given)])!;
  expect(one.hint).toBe('method');
  expect(JSON.stringify(one.pipeline[0])).toContain('{"method":{"$in":["GET","PUT"]}}');
  const two = cellsAggregate(ACME, MATCH_ALL, [given, ALL].map(checkedPart))!;
  expect(two.hint).toBe('newest');
  expect(JSON.stringify(two.pipeline[3])).toContain('{"group.cell.by.method":{"$in":["GET","PUT"]}}');
});

it.each<[string, Filter, StatsPart[]]>([
  ['without parts', MATCH_ALL, []],
  ['if no log can match', { op: 'or', filters: [] }, [ALL]],
  ['if no log can be in a bucket', { op: 'lt', field: 'createdAt', value: 5 }, [hours(HOUR_MS, DAY_MS)]],
])('sends nothing %s', async (_name, filter, parts) => {
  const { connection, commands } = serverOf([]);
  const collectors = parts.map((part) => new PartCollector(checkedPart(part)));
  await collectLogs(connection, ACME, filter, collectors);
  expect(commands).toEqual([]);
});

it('ends at the limit of groups, without reading the rest', async () => {
  function* endless() {
    for (let at = 0; ; at += 1000)
      yield Array.from({ length: 1000 }, (_, i) => cell({ by: { method: `m${at + i}` } }));
  }
  const { connection, state } = serverOf(endless());
  const collector = new PartCollector(checkedPart(BY_METHOD));
  await expect(collectLogs(connection, ACME, MATCH_ALL, [collector])).rejects.toMatchObject({
    code: 'BAD_USER_INPUT',
    message: expect.stringContaining('more than 200000 groups and buckets'),
  });
  expect(state).toEqual({ read: STATS_LIMITS.collected / 1000 + 1, closed: true });
});

it('ends if nobody waits any more', async () => {
  function* endless() {
    for (;;) yield [cell({})];
  }
  const { connection, state } = serverOf(endless());
  let commands = 0;
  const budget = () => {
    if (++commands === 5) throw new Error('nobody waits');
    return { maxTimeMS: 7 };
  };
  const collector = new PartCollector(checkedPart(ALL));
  await expect(collectLogs({ ...connection, budget }, ACME, MATCH_ALL, [collector])).rejects.toThrow(
    'nobody waits',
  );
  expect(state).toEqual({ read: 3, closed: true });
});
