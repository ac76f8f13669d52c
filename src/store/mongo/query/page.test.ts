import * as fc from 'fast-check';
import { Query } from 'mingo';
import { describe, expect, it } from 'vitest';
import { expectedCount, expectedPage } from '../../../../test/store/oracle.ts';
import { anyFilter, anyLogs, SAMPLE_TIME, sampleLog } from '../../../../test/store/samples.ts';
import { type Filter, MATCH_ALL } from '../../../log/filter.ts';
import type { LogQuery } from '../../../log/query.ts';
import type { RequestLog } from '../../../log/request-log.ts';
import { DIRECTIONS, positionOf, SORT_FIELDS } from '../../../log/sort.ts';
import type { PagePlan, StreamValues } from '../../access-path.ts';
import { MONGO_PATHS } from '../access-paths.ts';
import type { Connection } from '../connection.ts';
import { documentFromLog, type LogDocument, logFromDocument } from '../documents.ts';
import { findLogByRequestId, findLogsByIds, findPayloads } from '../logs.ts';
import { COLLECTIONS } from '../schema/collections.ts';
import type { LogFilter } from './filter.ts';
import {
  countFilter,
  type Find,
  mergedPage,
  nextStatusCode,
  pageSteps,
  readPage,
  readSteps,
  scanFind,
} from './page.ts';

const ACME = { organizationId: 'acme', visibleFrom: null };

function queryOf(query: Partial<LogQuery>): LogQuery {
  return { scope: ACME, filter: MATCH_ALL, sort: 'createdAt', direction: 'desc', limit: 50, ...query };
}

function stepsOf(query: Partial<LogQuery>, streams: readonly StreamValues[] = [[]]) {
  const complete = queryOf(query);
  return pageSteps(complete, MONGO_PATHS.planPage(complete), streams);
}

const filtersOf = (finds: readonly Find[]) => finds.map(({ filter }) => filter.$and);

describe('the finds of a page', () => {
  it('are one find in index order, with the index as hint', () => {
    expect(stepsOf({})).toEqual([
      [
        {
          filter: { $and: [{ organizationId: 'acme' }] },
          sort: { createdAt: -1, _id: -1 },
          hint: 'newest',
          limit: 50,
        },
      ],
    ]);
  });

  it('continue after a position by time with one bound on the time and one on the id', () => {
    const after = { sortValue: 5, createdAt: 5, id: 'x' };
    const [[find]] = stepsOf({ after }) as [[Find]];
    expect(find.filter.$and).toEqual([
      { organizationId: 'acme' },
      { createdAt: { $lte: new Date(5) } },
      { _id: { $lt: 'x' } },
    ]);
    const [[from]] = stepsOf({ after: { ...after, inclusive: true } }) as [[Find]];
    expect(from.filter.$and?.at(-1)).toEqual({ _id: { $lte: 'x' } });
  });

  it('read the ties of a duration first, then the rows beyond them', () => {
    const after = { sortValue: 7, createdAt: 5, id: 'x' };
    const steps = stepsOf({ sort: 'durationMs', direction: 'asc', after });
    expect(steps.map(filtersOf)).toEqual([
      [
        [
          { organizationId: 'acme' },
          { durationMs: { $eq: 7 } },
          { createdAt: { $gte: new Date(5) } },
          { _id: { $gt: 'x' } },
        ],
      ],
      [[{ organizationId: 'acme' }, { durationMs: { $gte: 8 } }]],
    ]);
    expect(steps[0]![0]).toMatchObject({ hint: 'slowest', sort: { durationMs: 1, createdAt: 1, _id: 1 } });
  });

  it('use the second find only for the rows that are still missing after the ties', async () => {
    const query = queryOf({
      sort: 'durationMs',
      limit: 3,
      after: { sortValue: 7, createdAt: SAMPLE_TIME, id: 'x' },
    });
    const steps = pageSteps(query, MONGO_PATHS.planPage(query), [[]]);
    const limitsWithTies = async (ties: number) => {
      const limits: number[] = [];
      const read = async ({ limit }: Find) => {
        const count = limits.length === 0 ? ties : limit;
        limits.push(limit);
        return Array.from({ length: count }, () => sampleLog());
      };
      const page = await readSteps(query, steps, { read, reserve: reservations(5).reserve });
      expect(page.length).toBe(3);
      return limits;
    };
    expect(await limitsWithTies(0)).toEqual([3, 3]);
    expect(await limitsWithTies(2)).toEqual([3, 1]);
    expect(await limitsWithTies(3)).toEqual([3]);
  });

  it('read several status codes in their order by one find', () => {
    const filter: Filter = { op: 'in', field: 'statusCode', values: [500, 404] };
    const steps = stepsOf({ filter, sort: 'statusCode' });
    expect(steps.map(filtersOf)).toEqual([
      [[{ organizationId: 'acme' }, { statusCode: { $in: [404, 500] } }]],
    ]);
  });

  it('read one status class after the other in a window, also from a position on', () => {
    const filter: Filter = { op: 'gte', field: 'createdAt', value: 5 };
    const statusOf = (find: Find) =>
      find.filter.$and!.flatMap(({ statusCode }) => {
        const { $eq, $in } = (statusCode ?? {}) as { $eq?: number; $in?: number[] };
        const codes = $in ?? ($eq === undefined ? [] : [$eq]);
        return codes.length === 0 ? [] : [[codes[0], codes.at(-1)]];
      });
    const codes = (more: Partial<LogQuery>) =>
      stepsOf({ filter, sort: 'statusCode', ...more }).map((finds) => finds.flatMap(statusOf));
    const all = [[[500, 599]], [[400, 499]], [[300, 399]], [[200, 299]], [[100, 199]]];
    expect(codes({})).toEqual(all);
    expect(codes({ direction: 'asc' })).toEqual(all.toReversed());
    const after = { sortValue: 404, createdAt: 5, id: 'x' };
    expect(codes({ after })).toEqual([[[404, 404]], [[400, 403]], ...all.slice(2)]);
  });

  it('are run together only after the first ones did not fill the page, each limited to what is missing', async () => {
    const query = queryOf({
      filter: { op: 'gte', field: 'createdAt', value: 5 },
      sort: 'statusCode',
      limit: 9,
    });
    const steps = pageSteps(query, MONGO_PATHS.planPage(query), []);
    const roundsOf = async (logsOfEach: number, most: number) => {
      const { reserve, rounds } = reservations(most);
      const read = async ({ limit }: Find) => {
        rounds.at(-1)!.push(limit);
        return Array.from({ length: Math.min(limit, logsOfEach) }, () => sampleLog());
      };
      await readSteps(query, steps, { read, reserve });
      return rounds;
    };
    expect(await roundsOf(9, 5)).toEqual([[9]]);
    expect(await roundsOf(4, 5)).toEqual([[9], [5, 5]]);
    expect(await roundsOf(1, 5)).toEqual([[9], [8, 8], [6, 6]]);
    expect(await roundsOf(1, 2)).toEqual([[9], [8, 8], [6, 6]]);
    expect(await roundsOf(4, 1)).toEqual([[9], [5], [1]]);
  });

  it('are one find for each value of a set, merged in order', () => {
    const filter: Filter = { op: 'in', field: 'statusCode', values: [404, 500] };
    const [finds] = stepsOf({ filter }, [[404], [500]]) as [Find[]];
    expect(filtersOf(finds)).toEqual([
      [{ organizationId: 'acme' }, { statusCode: { $eq: 404 } }],
      [{ organizationId: 'acme' }, { statusCode: { $eq: 500 } }],
    ]);
    const at = (createdAt: number) => sampleLog({ createdAt, requestId: `r${createdAt}` });
    const merged = mergedPage(queryOf({ limit: 3 }), [[at(9), at(4)], [], [at(7), at(5)]]);
    expect(merged.map((log) => log.createdAt)).toEqual([9, 7, 5]);
  });

  describe('of several streams', () => {
    const codes = [404, 500, 502, 503];
    const filter: Filter = { op: 'in', field: 'statusCode', values: codes };
    /** The limits of the first finds and of those after them, with so many logs of each status code. */
    const limitsFor = async (logsOf: readonly number[], limit = 50) => {
      const query = queryOf({ filter, limit });
      const logs = logsOf.flatMap((count, i) =>
        Array.from({ length: count }, (_, n) =>
          sampleLog({ statusCode: codes[i]!, createdAt: SAMPLE_TIME + n, requestId: `${i}-${n}` }),
        ),
      );
      const documents = logs.map(documentFromLog);
      const { reserve, rounds } = reservations(5);
      const page = await readPage(
        query,
        MONGO_PATHS.planPage(query),
        logsOf.map((_, i) => [codes[i]!]),
        {
          read: async (find) => {
            rounds.at(-1)!.push(find.limit);
            const found = new Query(find.filter).find<LogDocument>(documents).sort({ ...find.sort });
            return found.limit(find.limit).all().map(logFromDocument);
          },
          reserve,
        },
      );
      expect(page).toEqual(expectedPage(logs, query));
      const [first, ...rest] = rounds;
      return [first, rest.flat()];
    };

    it('return a share of the page each, and no more if the page has less of each', async () => {
      expect(await limitsFor([60, 60, 60, 60])).toEqual([[34, 34, 34, 34], []]);
      expect(await limitsFor([3, 0, 5, 1])).toEqual([[34, 34, 34, 34], []]);
    });

    it('return the rest only if all of their share is on the page', async () => {
      expect(await limitsFor([3, 90, 5, 1])).toEqual([[34, 34, 34, 34], [16]]);
      expect(await limitsFor([30, 2, 30, 0])).toEqual([[34, 34, 34, 34], []]);
    });

    it('are read once if a share is the page', async () => {
      expect(await limitsFor([9, 9, 9, 9], 2)).toEqual([[2, 2, 2, 2], []]);
      expect(await limitsFor([90, 9, 9])).toEqual([[50, 50, 50], []]);
    });
  });

  it('contain the condition of a partial index, which a server requires to use it', () => {
    const [[find]] = stepsOf({ filter: { op: 'gte', field: 'statusCode', value: 400 } }) as [[Find]];
    expect(find.hint).toBe('failed');
    expect(find.filter.$and).toContainEqual({ statusCode: { $gte: 400 } });
  });

  it('are a single condition for a count, whatever the streams', () => {
    const { scope, filter } = queryOf({ filter: { op: 'lt', field: 'statusCode', value: 300 } });
    expect(countFilter(scope, MONGO_PATHS.planFilter(scope, filter))).toEqual({
      $and: [{ organizationId: 'acme' }, { statusCode: { $gte: 100, $lte: 299 } }],
    });
  });

  it('return the same page as the oracle when mingo evaluates them', async () => {
    await fc.assert(
      fc.asyncProperty(anyLogs, anyQuery, fc.nat(), fc.nat(), async (logs, query, after, before) => {
        const bound = (pick: number, inclusive: boolean) =>
          pick % 3 === 0 || logs.length === 0
            ? undefined
            : { ...positionOf(logs[pick % logs.length]!, query.sort), inclusive };
        const paged = {
          ...query,
          after: bound(after, after % 2 === 0),
          before: bound(before, before % 2 === 0),
        };
        const plan = MONGO_PATHS.planPage(paged);
        const documents = logs.map(documentFromLog);
        // A sharded cluster can then route the query to the shards of the organization.
        const scoped = pageSteps(paged, plan, [[200]]).flat();
        for (const { filter } of scoped) expect(filter.$and![0]).toEqual({ organizationId: 'acme' });
        const read = ({ filter, sort, limit }: Find) => {
          const found = new Query(filter).find<LogDocument>(documents).limit(limit);
          return (Object.keys(sort).length === 0 ? found : found.sort({ ...sort })).all();
        };
        const page = await readPage(paged, plan, valuesIn(logs, plan), {
          read: async (find) => read(find).map(logFromDocument),
          reserve: reservations(1 + (after % 5)).reserve,
        });
        expect(page).toEqual(expectedPage(logs, paged));
        if (plan.scan !== null) {
          const find = scanFind(paged, plan, plan.scan);
          // Servers reject an empty list of alternatives.
          expect(JSON.stringify(find)).not.toContain('"$or":[]');
          expect(find === null ? [] : read(find).map(logFromDocument)).toEqual(expectedPage(logs, paged));
        }
        const counted = new Query(countFilter(query.scope, MONGO_PATHS.planFilter(query.scope, query.filter)))
          .find(documents)
          .all();
        expect(counted.length).toBe(expectedCount(logs, query.scope, query.filter));
      }),
      { numRuns: 1_000 },
    );
  });
});

/** Permits at most so many finds together; `rounds` has a list for each reservation. */
function reservations(most: number) {
  const rounds: number[][] = [];
  const reserve = (wanted: number) => {
    rounds.push([]);
    return { count: Math.min(wanted, most), [Symbol.dispose]: () => undefined };
  };
  return { rounds, reserve };
}

/** The streams that a store would find. */
function valuesIn(logs: readonly RequestLog[], { streams: [key] }: PagePlan): readonly StreamValues[] {
  if (key === undefined) return [[]];
  if ('values' in key) return key.values.map((value) => [value]);
  const codes = new Set(logs.map((log) => log.statusCode));
  return [...codes]
    .filter((code) => code >= key.from && code <= key.to)
    .sort((a, b) => a - b)
    .map((code) => [code]);
}

it('counts and reads by id contain the organization, the prefix of each shard key', async () => {
  for (const { shardKey } of [COLLECTIONS.logs, COLLECTIONS.payloads])
    expect(Object.keys(shardKey)[0]).toBe('organizationId');
  const expectOrganization = (filter: object) =>
    expect([filter, ...((filter as LogFilter).$and ?? [])]).toContainEqual(
      expect.objectContaining({ organizationId: 'acme' }),
    );
  fc.assert(
    fc.property(anyFilter, (filter) => {
      const plan = MONGO_PATHS.planFilter(ACME, filter);
      // A condition that matches nothing is not sent to the server.
      if (plan.residual.op !== 'false') expectOrganization(countFilter(ACME, plan));
    }),
  );
  expectOrganization(nextStatusCode(ACME, 200, 299).filter);

  const requested: object[] = [];
  const findOne = async (filter: object) => {
    requested.push(filter);
    return null;
  };
  const command = async ({ filter }: { filter: object }) => {
    requested.push(filter);
    return { cursor: { id: 0, firstBatch: [] } };
  };
  const collection = { findOne };
  const connection = {
    db: { command },
    logs: collection,
    payloads: collection,
    budget: () => ({ maxTimeMS: 1 }),
  } as unknown as Connection;
  const { id } = sampleLog();
  await findLogsByIds(connection, ACME, [id]);
  await findLogByRequestId(connection, ACME, 'r1');
  await findPayloads(connection, ACME, [id]);
  expect(requested).toHaveLength(3);
  requested.forEach(expectOrganization);
});

const anyQuery: fc.Arbitrary<LogQuery> = fc.record({
  scope: fc.record({
    organizationId: fc.constant('acme'),
    visibleFrom: fc.constantFrom(null, SAMPLE_TIME + 1),
  }),
  filter: anyFilter,
  sort: fc.constantFrom(...SORT_FIELDS),
  direction: fc.constantFrom(...DIRECTIONS),
  limit: fc.integer({ min: 1, max: 40 }),
});
