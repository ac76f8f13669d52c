import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { expectedCount, expectedPage } from '../../test/store/oracle.ts';
import { anyFilter, SAMPLE_TIME, sampleLog } from '../../test/store/samples.ts';
import { DAY_MS } from '../lib/time-units.ts';
import { MATCH_ALL } from '../log/filter.ts';
import type { LogQuery, PageBound } from '../log/query.ts';
import type { RequestLog } from '../log/request-log.ts';
import { DIRECTIONS, positionOf, SORT_FIELDS } from '../log/sort.ts';
import { countWithin } from './count-within.ts';
import { findWithin } from './find-within.ts';
import { queryTimeout } from './read-budget.ts';
import type { LogStore } from './store.ts';
import { timeWindow, withinTime } from './time-window.ts';

const scope = { organizationId: 'acme', visibleFrom: null };
const ORDER = { sort: 'createdAt', direction: 'desc' } as const;
/** Stops after each slice. */
const HURRIED = { attemptMs: 1, sliceMs: 1, slicesMs: 0 };
const PATIENT = { attemptMs: 1, sliceMs: 1_000, slicesMs: 60_000 };

/**
 * A store that can read only some logs in the time of a query.
 *
 * @param logs all different positions, or a slice of one millisecond would be too long.
 */
function slowStore(
  logs: readonly RequestLog[],
  readable: number,
): Pick<LogStore, 'find' | 'count'> & { finds: number } {
  return {
    finds: 0,
    async find(query, options) {
      this.finds++;
      // Only edges are read without a limit, and what cannot be shorter.
      if (options?.budgetMs !== undefined || query.limit > 1) {
        // As each store does, it reads no log outside of the filter's window of time.
        const filter = withinTime(timeWindow(query.scope, query.filter));
        const read = expectedPage(logs, { ...query, filter, limit: Number.POSITIVE_INFINITY });
        if (read.length > readable) throw queryTimeout();
      }
      return expectedPage(logs, query);
    },
    async count(of, filter, limit, options) {
      const window = timeWindow(of, filter);
      const read = window.condition.op === 'false' ? 0 : expectedCount(logs, of, withinTime(window));
      if (options?.budgetMs !== undefined && read > readable) throw queryTimeout();
      const count = expectedCount(logs, of, filter);
      return limit !== null && count > limit ? { count: limit, exact: false } : { count, exact: true };
    },
  };
}

const anyLog = fc
  .record({
    createdAt: fc.integer({ min: SAMPLE_TIME, max: SAMPLE_TIME + 3 * DAY_MS }),
    durationMs: fc.option(fc.oneof(fc.constant(3), fc.nat(100_000)), { nil: null }),
    statusCode: fc.constantFrom(200, 200, 200, 404, 500),
    path: fc.constantFrom('/a', '/b', '/rare'),
  })
  .map((log) => ({ ...log, organizationId: 'acme' }));
const anyLogs = fc
  .uniqueArray(anyLog, { selector: ({ createdAt }) => createdAt, maxLength: 60 })
  .map((logs) => logs.map((log, i) => sampleLog({ ...log, requestId: `r${i}` })));

/** All logs of a walk whose searches stop after each slice. */
async function walk(store: Pick<LogStore, 'find'>, query: LogQuery): Promise<RequestLog[]> {
  const found: RequestLog[] = [];
  for (let after = query.after; ; ) {
    const { logs, stoppedAt } = await findWithin(store, { ...query, after }, HURRIED);
    expect(logs.length).toBeLessThanOrEqual(query.limit);
    found.push(...logs);
    const next: PageBound | null =
      stoppedAt ?? (logs.length < query.limit ? null : positionOf(logs.at(-1)!, query.sort));
    if (next === null) return found;
    expect(next).not.toEqual(after);
    after = next;
  }
}

describe('a search that exceeds its time', () => {
  it('goes on where it stopped: its pages are exactly those of one unbounded search', async () => {
    await fc.assert(
      fc.asyncProperty(
        anyLogs,
        fc.oneof(anyFilter, fc.constant({ op: 'contains', field: 'path', value: 'rare' } as const)),
        fc.constantFrom(...SORT_FIELDS),
        fc.constantFrom(...DIRECTIONS),
        fc.integer({ min: 1, max: 10 }),
        fc.integer({ min: 1, max: 8 }),
        fc.option(fc.nat()),
        fc.option(fc.nat()),
        async (logs, filter, sort, direction, limit, readable, after, before) => {
          const bound = (pick: number | null) =>
            pick === null || logs.length === 0 ? undefined : positionOf(logs[pick % logs.length]!, sort);
          const query: LogQuery = {
            scope,
            filter,
            sort,
            direction,
            limit,
            after: bound(after),
            before: bound(before),
          };
          const all = expectedPage(logs, { ...query, limit: Number.POSITIVE_INFINITY });
          expect(await walk(slowStore(logs, readable), query)).toEqual(all);
          const page = await findWithin(slowStore(logs, readable), query, PATIENT);
          expect(page).toEqual({ logs: all.slice(0, limit), stoppedAt: null });
        },
      ),
      { numRuns: 500 },
    );
  });

  it('reads longer slices as long as they are quick', async () => {
    const logs = Array.from({ length: 2_000 }, (_, i) =>
      sampleLog({ organizationId: 'acme', requestId: `r${i}`, createdAt: SAMPLE_TIME + i * 60_000 }),
    );
    const store = slowStore(logs, 1_500);
    const query: LogQuery = {
      scope,
      filter: { op: 'contains', field: 'path', value: '?' },
      ...ORDER,
      limit: 5,
    };
    expect(await findWithin(store, query, PATIENT)).toEqual({ logs: [], stoppedAt: null });
    expect(store.finds).toBeLessThan(15);
  });

  it('throws if the logs of one millisecond take too long', async () => {
    const logs = [1, 2].map((i) => sampleLog({ organizationId: 'acme', requestId: `r${i}` }));
    const query: LogQuery = { scope, filter: MATCH_ALL, ...ORDER, limit: 5 };
    await expect(findWithin(slowStore(logs, 1), query, HURRIED)).rejects.toMatchObject({
      code: 'QUERY_TIMEOUT',
    });
  });
});

it('a count that exceeds its time is a lower bound, or exact if its slices are quick', async () => {
  await fc.assert(
    fc.asyncProperty(
      anyLogs,
      anyFilter,
      fc.integer({ min: 1, max: 70 }),
      fc.integer({ min: 1, max: 8 }),
      async (logs, filter, limit, readable) => {
        const exact = expectedCount(logs, scope, filter);
        const store = slowStore(logs, readable);
        const bound = await countWithin(store, scope, filter, limit, HURRIED);
        expect(bound.count).toBeLessThanOrEqual(Math.min(exact, limit));
        if (bound.exact) expect(bound.count).toBe(exact);
        const counted = await countWithin(store, scope, filter, limit, PATIENT);
        expect(counted).toEqual(
          exact > limit ? { count: limit, exact: false } : { count: exact, exact: true },
        );
      },
    ),
    { numRuns: 300 },
  );
});
