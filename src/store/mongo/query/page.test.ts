import * as fc from 'fast-check';
import { Query } from 'mingo';
import { describe, expect, it } from 'vitest';
import { expectedCount, expectedPage } from '../../../../test/store/oracle.ts';
import { anyFilter, anyLogs, SAMPLE_TIME, sampleLog } from '../../../../test/store/samples.ts';
import { type Filter, MATCH_ALL } from '../../../log/filter.ts';
import type { LogQuery } from '../../../log/query.ts';
import type { RequestLog } from '../../../log/request-log.ts';
import { DIRECTIONS, positionOf, SORT_FIELDS } from '../../../log/sort.ts';
import { type PagePlan, planFilter, planPage, type StreamValues } from '../../access-path.ts';
import type { Connection } from '../connection.ts';
import { documentFromLog, type LogDocument, logFromDocument } from '../documents.ts';
import { findLogByRequestId, findLogsByIds, findPayloads } from '../logs.ts';
import { COLLECTIONS } from '../schema/collections.ts';
import type { LogFilter } from './filter.ts';
import { countFilter, type Find, mergedPage, nextStatusCode, pageSteps, readSteps } from './page.ts';
import { isInStatusOrder, readInStatusOrder, type StatusReads } from './status-order.ts';

const ACME = { organizationId: 'acme', visibleFrom: null };

function queryOf(query: Partial<LogQuery>): LogQuery {
  return { scope: ACME, filter: MATCH_ALL, sort: 'createdAt', direction: 'desc', limit: 50, ...query };
}

function stepsOf(query: Partial<LogQuery>, values: StreamValues = null) {
  const complete = queryOf(query);
  return pageSteps(complete, planPage(complete), values);
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
    const steps = pageSteps(query, planPage(query), null);
    const limitsWithTies = async (ties: number) => {
      const limits: number[] = [];
      const page = await readSteps(query, steps, async ([find]) => {
        const count = limits.length === 0 ? ties : find!.limit;
        limits.push(find!.limit);
        return [Array.from({ length: count }, () => sampleLog())];
      });
      expect(page.length).toBe(3);
      return limits;
    };
    expect(await limitsWithTies(0)).toEqual([3, 3]);
    expect(await limitsWithTies(2)).toEqual([3, 1]);
    expect(await limitsWithTies(3)).toEqual([3]);
  });

  it('read one status code after the other', () => {
    const filter: Filter = { op: 'in', field: 'statusCode', values: [404, 500] };
    const steps = stepsOf({ filter, sort: 'statusCode' }, [404, 500]);
    expect(steps.map((finds) => finds.length)).toEqual([1, 1]);
    expect(steps[0]![0]!.filter.$and).toEqual([{ organizationId: 'acme' }, { statusCode: { $eq: 500 } }]);
  });

  it('are one find for each value of a set, merged in order', () => {
    const filter: Filter = { op: 'in', field: 'statusCode', values: [404, 500] };
    const [finds] = stepsOf({ filter }, [404, 500]) as [Find[]];
    expect(filtersOf(finds)).toEqual([
      [{ organizationId: 'acme' }, { statusCode: { $eq: 404 } }],
      [{ organizationId: 'acme' }, { statusCode: { $eq: 500 } }],
    ]);
    const at = (createdAt: number) => sampleLog({ createdAt, requestId: `r${createdAt}` });
    const merged = mergedPage(queryOf({ limit: 3 }), [[at(9), at(4)], [], [at(7), at(5)]]);
    expect(merged.map((log) => log.createdAt)).toEqual([9, 7, 5]);
  });

  it('contain the condition of a partial index, which a server requires to use it', () => {
    const [[find]] = stepsOf({ filter: { op: 'gte', field: 'statusCode', value: 400 } }) as [[Find]];
    expect(find.hint).toBe('failed');
    expect(find.filter.$and).toContainEqual({ statusCode: { $gte: 400 } });
  });

  it('are a single condition for a count, whatever the streams', () => {
    const { scope, filter } = queryOf({ filter: { op: 'lt', field: 'statusCode', value: 300 } });
    expect(countFilter(scope, planFilter(scope, filter))).toEqual({
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
        const plan = planPage(paged);
        const documents = logs.map(documentFromLog);
        // A sharded cluster can then route the query to the shards of the organization.
        const scoped = pageSteps(paged, plan, [200]).flat();
        for (const { filter } of scoped) expect(filter.$and![0]).toEqual({ organizationId: 'acme' });
        const read = ({ filter, sort, limit }: Find) => {
          const found = new Query(filter).find<LogDocument>(documents).limit(limit);
          return (Object.keys(sort).length === 0 ? found : found.sort({ ...sort })).all();
        };
        const logsOf = (find: Find) => read(find).map(logFromDocument);
        const steps = pageSteps(paged, plan, valuesIn(logs, plan));
        const page = isInStatusOrder(plan)
          ? await readInStatusOrder(paged, plan, statusReads(logs, paged, logsOf, 1 + (after % 5)))
          : await readSteps(paged, steps, async (finds) => finds.map(logsOf));
        expect(page).toEqual(expectedPage(logs, paged));
        const counted = new Query(countFilter(query.scope, planFilter(query.scope, query.filter)))
          .find(documents)
          .all();
        expect(counted.length).toBe(expectedCount(logs, query.scope, query.filter));
      }),
      { numRuns: 1_000 },
    );
  });
});

/** Commands that run at most so many at a time, which they check. */
function statusReads(
  logs: readonly RequestLog[],
  { scope, direction }: LogQuery,
  logsOf: (find: Find) => RequestLog[],
  most: number,
): StatusReads {
  const codes = logs
    .filter(({ organizationId }) => organizationId === scope.organizationId)
    .map(({ statusCode }) => statusCode)
    .sort((a, b) => (direction === 'asc' ? a - b : b - a));
  let [running, reserved] = [0, 0];
  const run = async <T>(work: () => T): Promise<T> => {
    expect(++running).toBeLessThanOrEqual(reserved);
    await null;
    running--;
    return work();
  };
  return {
    seek: (from, to) => run(() => codes.find((code) => from <= code && code <= to) ?? null),
    read: (find) => run(() => logsOf(find)),
    reserve(wanted) {
      reserved = Math.min(wanted, most);
      return {
        count: reserved,
        [Symbol.dispose]() {
          expect(running).toBe(0);
          reserved = 0;
        },
      };
    },
  };
}

/** The stream values that a store would find. */
function valuesIn(logs: readonly RequestLog[], { streams }: PagePlan): StreamValues {
  if (streams === null || 'values' in streams) return streams?.values ?? null;
  const codes = new Set(logs.map((log) => log.statusCode));
  return [...codes].filter((code) => code >= streams.from && code <= streams.to).sort((a, b) => a - b);
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
      const plan = planFilter(ACME, filter);
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
