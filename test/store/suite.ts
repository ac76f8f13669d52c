import * as fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { LOG_FIELDS, TEXT_LENGTH } from '../../src/log/fields.ts';
import { MATCH_ALL } from '../../src/log/filter.ts';
import type { LogQuery, LogScope } from '../../src/log/query.ts';
import type { RequestLog } from '../../src/log/request-log.ts';
import { DIRECTIONS, positionOf, SORT_FIELDS } from '../../src/log/sort.ts';
import type { Store } from '../../src/store/store.ts';
import { describeAccess } from './access-suite.ts';
import { describeErasure } from './erasure-suite.ts';
import { expectedCount, expectedPage } from './oracle.ts';
import { anyFilter, anyLogs, recorded, SAMPLE_TIME, sampleLog } from './samples.ts';
import { describeUsage } from './usage-suite.ts';

/**
 * The conformance suite: checks every call of a store against the oracle.
 *
 * @param runs number of random cases.
 */
export function describeStore(name: string, open: () => Promise<Store>, runs = 200): void {
  const scope = (organizationId: string, visibleFrom: number | null = null): LogScope => ({
    organizationId,
    visibleFrom,
  });

  describeAccess(name, open, runs);
  describeErasure(name, open, runs);
  describeUsage(name, open, runs);

  describe(`${name}: logs`, () => {
    let store: Store;
    let tenant = 0;
    beforeAll(async () => {
      store = await open();
    });
    afterAll(() => store.close());

    /** Inserts the logs into new organizations, so tests do not see each other's rows. */
    const insert = async (logs: readonly RequestLog[]) => {
      const suffix = `-${++tenant}`;
      const own = logs.map(({ id, ...log }) =>
        sampleLog({ ...log, organizationId: log.organizationId + suffix }),
      );
      if (own.length > 0) await store.insert(own.map(recorded));
      return { own, acme: `acme${suffix}` };
    };

    it('returns the same as the oracle for any filter, sort, direction, window and page', async () => {
      await fc.assert(
        fc.asyncProperty(
          anyLogs,
          fc.array(anyQuery, { minLength: 1, maxLength: 12 }),
          async (logs, queries) => {
            const { own, acme } = await insert(logs);
            for (const { after, before, filter, visibleFrom, ...rest } of queries) {
              const bound = (pick: number | null, inclusive: boolean) =>
                pick === null || own.length === 0
                  ? undefined
                  : { ...positionOf(own[pick % own.length]!, rest.sort), inclusive };
              const query: LogQuery = {
                ...rest,
                filter,
                scope: scope(acme, visibleFrom),
                after: bound(after, rest.limit % 2 === 0),
                before: bound(before, rest.limit % 3 === 0),
              };
              const read = readOf(query);
              expect((await store.find(query)).map(read)).toEqual(expectedPage(own, query).map(read));
              const total = expectedCount(own, query.scope, filter);
              expect(await store.count(query.scope, filter, null)).toEqual({ count: total, exact: true });
              expect(await store.count(query.scope, filter, 3)).toEqual({
                count: Math.min(total, 3),
                exact: total <= 3,
              });
            }
          },
        ),
        { numRuns: runs },
      );
    });

    describe.each(SORT_FIELDS.flatMap((sort) => DIRECTIONS.map((direction) => ({ sort, direction }))))(
      'pagination by $sort $direction',
      ({ sort, direction }) => {
        const many = Array.from({ length: 120 }, (_, i) =>
          sampleLog({
            requestId: `walk${i}`,
            createdAt: SAMPLE_TIME + (i % 7),
            statusCode: 200 + (i % 3),
            durationMs: i % 4 === 0 ? null : i % 5,
          }),
        );

        it.each([1, 7, 50])(
          'returns every row exactly once with %i rows per page while rows are inserted',
          async (limit) => {
            const { own, acme } = await insert(many);
            const base = { scope: scope(acme), filter: MATCH_ALL, sort, direction, limit };
            const seen: RequestLog[] = [];
            for (;;) {
              const last = seen.at(-1);
              const page = await store.find({
                ...base,
                after: last === undefined ? undefined : positionOf(last, sort),
              });
              seen.push(...page);
              if (page.length < limit) break;
              const late = sampleLog({
                organizationId: acme,
                requestId: `late${seen.length}`,
                createdAt: SAMPLE_TIME + 3,
              });
              await store.insert([recorded(late)]);
            }
            const walked = seen.filter((log) => !log.requestId.startsWith('late'));
            expect(walked).toEqual(expectedPage(own, { ...base, limit: own.length }));
            expect(new Set(seen.map((log) => log.id)).size).toBe(seen.length);
          },
        );
      },
    );

    it('stores a request id once per organization, however often it is inserted', async () => {
      const first = sampleLog({ organizationId: 'dup', requestId: 'x' });
      const second = sampleLog({ organizationId: 'dup', requestId: 'y' });
      expect(await store.insert([recorded(first)])).toEqual({ stored: 1, duplicates: 0 });
      expect(await store.insert([first, second, second].map(recorded))).toEqual({ stored: 1, duplicates: 2 });
      const other = sampleLog({ organizationId: 'dup-2', requestId: 'x' });
      expect(await store.insert([recorded(other)])).toEqual({ stored: 1, duplicates: 0 });
      const changed = sampleLog({
        organizationId: 'dup',
        requestId: 'x',
        statusCode: 500,
        createdAt: SAMPLE_TIME + 5,
      });
      expect(await store.insert([recorded(changed)])).toEqual({ stored: 0, duplicates: 1 });
      expect(await store.findByRequestId(scope('dup'), 'x')).toEqual(first);
    });

    it('finds more logs at once than fit in one reply of MongoDB', async () => {
      const [path, errorDetail] = ['€'.repeat(TEXT_LENGTH.path), '€'.repeat(TEXT_LENGTH.long)];
      const logs = Array.from({ length: 500 }, (_, i) =>
        sampleLog({
          organizationId: 'large',
          requestId: `l${i}`,
          createdAt: SAMPLE_TIME + i,
          path,
          errorDetail,
        }),
      );
      const bytes = logs.length * Buffer.byteLength(path + errorDetail);
      expect(bytes).toBeGreaterThan(16 * 1024 * 1024);
      for (let i = 0; i < logs.length; i += 100) await store.insert(logs.slice(i, i + 100).map(recorded));
      const query = {
        scope: scope('large'),
        filter: MATCH_ALL,
        sort: 'createdAt',
        direction: 'asc',
      } as const;
      expect(await store.find({ ...query, limit: logs.length })).toEqual(logs);
    });

    it('finds logs by id and request id, but only within the scope', async () => {
      const log = sampleLog({ organizationId: 'ids', requestId: 'x' });
      const later = sampleLog({ organizationId: 'ids', requestId: 'y', createdAt: SAMPLE_TIME + 1 });
      await store.insert([log, later].map(recorded));
      const unknown = sampleLog({ requestId: 'nobody' }).id;
      expect(await store.findByIds(scope('ids'), [later.id, unknown, log.id])).toEqual([later, null, log]);
      expect(await store.findByIds(scope('elsewhere'), [log.id])).toEqual([null]);
      expect(await store.findByIds(scope('ids', SAMPLE_TIME + 1), [log.id, later.id])).toEqual([null, later]);
      expect(await store.findByRequestId(scope('ids'), 'y')).toEqual(later);
      expect(await store.findByRequestId(scope('elsewhere'), 'y')).toBeNull();
      expect(await store.findByRequestId(scope('ids', SAMPLE_TIME + 1), 'x')).toBeNull();
    });

    it('returns payloads unchanged, but only within the scope', async () => {
      const log = sampleLog({ organizationId: 'pay', requestId: 'x' });
      const payload = {
        requestHeaders: { accept: '*/*' },
        requestBody: { a: [1, null, { b: 'é𝒳' }], ['__proto__']: 1 },
        responseHeaders: null,
        responseBody: 'text',
      };
      const bare = sampleLog({ organizationId: 'pay', requestId: 'y' });
      await store.insert([{ log, payload }, recorded(bare)]);
      expect(await store.payloads(scope('pay'), [bare.id, log.id])).toEqual([null, payload]);
      expect(await store.payloads(scope('elsewhere'), [log.id])).toEqual([null]);
      expect(await store.payloads(scope('pay', SAMPLE_TIME + 1), [log.id])).toEqual([null]);
    });

    it('deletes the oldest logs of one organization before a time, with their payloads', async () => {
      const payload = { requestHeaders: null, requestBody: 'x', responseHeaders: null, responseBody: null };
      const logs = Array.from({ length: 7 }, (_, i) =>
        sampleLog({ organizationId: 'old', requestId: `o${i}`, createdAt: SAMPLE_TIME + i }),
      );
      const other = sampleLog({ organizationId: 'old-2', requestId: 'o0' });
      await store.insert([...logs, other].map((log) => ({ log, payload })));
      const left = async () => {
        const ids = logs.map(({ id }) => id);
        const found = await store.findByIds(scope('old'), ids);
        const payloads = await store.payloads(scope('old'), ids);
        expect(payloads).toEqual(found.map((log) => log && payload));
        return found.flatMap((log) => (log === null ? [] : [log.createdAt - SAMPLE_TIME]));
      };
      expect(await store.deleteBefore('old', SAMPLE_TIME, 10)).toBe(0);
      expect(await store.deleteBefore('old', SAMPLE_TIME + 5, 2)).toBe(2);
      expect(await left()).toEqual([2, 3, 4, 5, 6]);
      expect(await store.deleteBefore('old', SAMPLE_TIME + 5, 10)).toBe(3);
      expect(await left()).toEqual([5, 6]);
      expect(await store.deleteBefore('old', SAMPLE_TIME + 5, 10)).toBe(0);
      expect(await store.deleteBefore('nobody', SAMPLE_TIME + 5, 10)).toBe(0);
      expect(await store.findByIds(scope('old-2'), [other.id])).toEqual([other]);
      expect(await store.payloads(scope('old-2'), [other.id])).toEqual([payload]);
      expect(await store.insert([recorded(logs[0]!)])).toEqual({ stored: 1, duplicates: 0 });
    });
  });
}

/** Reduces a log to the fields that the query selects. */
function readOf({ fields, sort }: LogQuery) {
  const names = ['id', 'organizationId', 'createdAt', sort, ...(fields ?? LOG_FIELDS)] as const;
  return (log: RequestLog) => Object.fromEntries(names.map((name) => [name, log[name]]));
}

const anyQuery = fc.record({
  filter: anyFilter,
  sort: fc.constantFrom(...SORT_FIELDS),
  direction: fc.constantFrom(...DIRECTIONS),
  limit: fc.integer({ min: 1, max: 70 }),
  fields: fc.option(fc.subarray([...LOG_FIELDS]), { nil: undefined, freq: 2 }),
  visibleFrom: fc.constantFrom(null, null, SAMPLE_TIME + 1, SAMPLE_TIME + 2),
  after: fc.option(fc.nat(), { freq: 2 }),
  before: fc.option(fc.nat(), { freq: 5 }),
});
