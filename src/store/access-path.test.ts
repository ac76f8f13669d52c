import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { anyFilter } from '../../test/store/samples.ts';
import type { LogField, SortableField } from '../log/fields.ts';
import { type Filter, MATCH_ALL } from '../log/filter.ts';
import type { LogQuery } from '../log/query.ts';
import { DIRECTIONS, SORT_FIELDS, type SortField } from '../log/sort.ts';
import { AccessPaths, isOrdered } from './access-path.ts';
import type { StreamKey } from './index-path.ts';
import { type LogIndex, MONGO_INDEXES, SQLITE_INDEXES } from './indexes.ts';
import { MONGO_PATHS } from './mongo/access-paths.ts';
import { isOnePage } from './one-page.ts';
import { SQLITE_PATHS } from './sqlite/access-paths.ts';

const query = (filter: Filter, more: Partial<LogQuery> = {}): LogQuery => ({
  scope: { organizationId: 'acme', visibleFrom: null },
  filter,
  sort: 'createdAt',
  direction: 'desc',
  limit: 50,
  ...more,
});
const is = (field: LogField, value: string | number | null): Filter => ({
  op: 'eq',
  field,
  value,
});
const all = (...filters: Filter[]): Filter => ({ op: 'and', filters });
const FAILED: Filter = { op: 'gte', field: 'statusCode', value: 400 };
const RECENT: Filter = { op: 'gte', field: 'createdAt', value: 1e12 };

/** The index, the stream keys ("open" if they have every existing value), and the operator of the residual. */
const chosen = (paths: AccessPaths, filter: Filter, more?: Partial<LogQuery>) => {
  const { index, streams, residual } = paths.planPage(query(filter, more));
  const keys = streams.map((key) => `${key.field} ${'values' in key ? key.values.length : 'open'}`);
  return [index.name, keys.join(), residual.op];
};

describe('the access path', () => {
  it.each<[string, Filter, string[], string[]]>([
    ['everything', MATCH_ALL, ['newest', '', 'true'], ['newest', '', 'true']],
    [
      'a method',
      is('method', 'GET'),
      ['method', 'method 1,statusCode open', 'true'],
      ['method', 'method 1', 'true'],
    ],
    [
      'no route',
      is('routePattern', null),
      ['route', 'routePattern 1,statusCode open', 'true'],
      ['route', 'routePattern 1', 'true'],
    ],
    [
      'a status',
      is('statusCode', 500),
      ['status', 'statusCode 1', 'true'],
      ['status', 'statusCode 1', 'true'],
    ],
    [
      'statuses',
      { op: 'in', field: 'statusCode', values: [404, 500] },
      ['status', 'statusCode 2', 'true'],
      ['status', 'statusCode 2', 'true'],
    ],
    ['failures', FAILED, ['status', 'statusCode open', 'true'], ['failed', '', 'true']],
    [
      'server errors',
      { op: 'gte', field: 'statusCode', value: 500 },
      ['status', 'statusCode open', 'true'],
      ['status', 'statusCode open', 'true'],
    ],
    [
      'a request id',
      is('requestId', 'x'),
      ['requestId', 'requestId 1', 'true'],
      ['requestId', 'requestId 1', 'true'],
    ],
    [
      'a key and a method',
      all(is('method', 'GET'), is('apiKeyId', 'key_1')),
      ['apiKey', 'apiKeyId 1,statusCode open', 'eq'],
      ['apiKey', 'apiKeyId 1', 'eq'],
    ],
    [
      'failures of a route',
      all(FAILED, is('routePattern', '/a')),
      ['route', 'routePattern 1,statusCode open', 'true'],
      ['failed', '', 'eq'],
    ],
    [
      'a consumer',
      is('consumerId', 'c'),
      ['consumer', 'consumerId 1,statusCode open', 'true'],
      ['newest', '', 'eq'],
    ],
    ['no consumer', is('consumerId', null), ['newest', '', 'isNull'], ['newest', '', 'isNull']],
    [
      'a substring',
      { op: 'contains', field: 'path', value: 'x' },
      ['newest', '', 'contains'],
      ['newest', '', 'contains'],
    ],
  ])('of %s, newest first', (_name, filter, sqlite, mongo) => {
    expect(chosen(SQLITE_PATHS, filter)).toEqual(sqlite);
    expect(chosen(MONGO_PATHS, filter)).toEqual(mongo);
  });

  it.each<[string, Filter, SortField, string[], string[]]>([
    ['everything', MATCH_ALL, 'durationMs', ['slowest', 'timeBlock open', 'true'], ['slowest', '', 'true']],
    [
      'a method',
      is('method', 'GET'),
      'durationMs',
      ['methodSlowest', 'method 1,timeBlock open', 'true'],
      ['slowest', '', 'eq'],
    ],
    ['failures', FAILED, 'durationMs', ['failedSlowest', 'statusCode open', 'true'], ['slowest', '', 'gte']],
    ['everything', MATCH_ALL, 'statusCode', ['status', '', 'true'], ['status', '', 'true']],
    [
      'a window',
      RECENT,
      'statusCode',
      ['status', 'statusCode open', 'true'],
      ['status', 'statusCode open', 'true'],
    ],
    [
      'a route',
      is('routePattern', '/a'),
      'statusCode',
      ['route', 'routePattern 1', 'true'],
      ['status', '', 'eq'],
    ],
    [
      'a status',
      is('statusCode', 404),
      'statusCode',
      ['status', 'statusCode 1', 'true'],
      ['status', 'statusCode 1', 'true'],
    ],
  ])('of %s, by %s', (_name, filter, sort, sqlite, mongo) => {
    expect(chosen(SQLITE_PATHS, filter, { sort })).toEqual(sqlite);
    expect(chosen(MONGO_PATHS, filter, { sort })).toEqual(mongo);
  });

  it('has a scan of the window as the other way if the order may skip many rows', () => {
    const scanOf = (filter: Filter, sort: SortField) =>
      SQLITE_PATHS.planPage(query(filter, { sort })).scan?.index.name;
    expect(scanOf(all(FAILED, RECENT), 'durationMs')).toBe('status');
    expect(scanOf(all(FAILED, is('routePattern', '/a')), 'durationMs')).toBe('route');
    expect(scanOf(is('apiKeyId', 'k'), 'durationMs')).toBe('apiKey');
    expect(scanOf(FAILED, 'durationMs')).toBeUndefined();
    // Of each time block, the logs before the window are skipped.
    expect(scanOf(RECENT, 'durationMs')).toBeUndefined();
    expect(scanOf(is('host', 'x'), 'createdAt')).toBeUndefined();
  });

  it('keeps the tighter bound on each side, so a deep page does not read the rows before it', () => {
    const to = 5_000;
    const after = { sortValue: 3_000, createdAt: 3_000, id: 'x' };
    const plan = SQLITE_PATHS.planPage(query({ op: 'lte', field: 'createdAt', value: to }, { after }));
    expect(plan).toMatchObject({ upper: { kind: 'position' }, lower: null, residual: { op: 'true' } });
    const before = SQLITE_PATHS.planPage(query({ op: 'lt', field: 'createdAt', value: 3_000 }, { after }));
    expect(before.upper).toEqual({ kind: 'value', value: 3_000, inclusive: false });
    const window = SQLITE_PATHS.planPage(
      query(MATCH_ALL, { scope: { organizationId: 'acme', visibleFrom: 7 } }),
    );
    expect(window.lower).toEqual({ kind: 'value', value: 7, inclusive: true });
  });

  it.each([
    ['SQLite', SQLITE_PATHS, SQLITE_INDEXES],
    ['MongoDB', MONGO_PATHS, MONGO_INDEXES],
  ])('uses every index of %s, and each starts with the organization', (_name, paths, indexes) => {
    const filters = [
      MATCH_ALL,
      FAILED,
      ...(['method', 'routePattern', 'apiKeyId', 'consumerId', 'requestId'] as const).map((field) =>
        is(field, 'x'),
      ),
    ];
    const used = filters.flatMap((filter) =>
      SORT_FIELDS.map((sort) => paths.planPage(query(filter, { sort })).index.name),
    );
    expect([...new Set(used)].sort()).toEqual(Object.keys(indexes).sort());
    for (const { keys } of Object.values<LogIndex>(indexes)) expect(keys[0]).toBe('organizationId');
  });
});

describe('isOrdered', () => {
  const method: StreamKey = { field: 'method', values: ['GET'] };
  const status: StreamKey = { field: 'statusCode', from: 400, to: 499 };
  const block: StreamKey = { field: 'timeBlock', from: 0, to: 9 };
  it.each<[LogIndex, StreamKey[], SortField, boolean]>([
    [SQLITE_INDEXES.newest, [], 'createdAt', true],
    [SQLITE_INDEXES.newest, [], 'durationMs', false],
    [SQLITE_INDEXES.newest, [], 'statusCode', false],
    [SQLITE_INDEXES.method, [method, status], 'createdAt', true],
    [SQLITE_INDEXES.method, [method], 'createdAt', false],
    [SQLITE_INDEXES.method, [method], 'statusCode', true],
    [SQLITE_INDEXES.method, [method, status], 'durationMs', false],
    [SQLITE_INDEXES.slowest, [block], 'durationMs', true],
    [SQLITE_INDEXES.slowest, [], 'durationMs', false],
    [SQLITE_INDEXES.slowest, [block], 'createdAt', false],
    [MONGO_INDEXES.slowest, [], 'durationMs', true],
    [MONGO_INDEXES.status, [], 'statusCode', true],
    [MONGO_INDEXES.status, [status], 'createdAt', true],
    [MONGO_INDEXES.status, [status], 'statusCode', true],
    [MONGO_INDEXES.failed, [], 'createdAt', true],
    [MONGO_INDEXES.requestId, [{ field: 'requestId', values: ['x'] }], 'durationMs', true],
    [MONGO_INDEXES.requestId, [], 'createdAt', false],
  ])('%o', (index, streams, key, expected) => {
    expect(isOrdered({ index, streams, key })).toBe(expected);
  });

  it.each([
    ['SQLite', SQLITE_PATHS],
    ['MongoDB', MONGO_PATHS],
  ])('is true for the plan of any query on %s; without it no query counts as one page', (_name, paths) => {
    fc.assert(
      fc.property(
        anyFilter,
        fc.constantFrom(...SORT_FIELDS),
        fc.constantFrom(...DIRECTIONS),
        (filter, sort, direction) => {
          const page = query(filter, { sort, direction, limit: 1 });
          const plan = paths.planPage(page);
          expect(plan.isOrdered).toBe(true);
          if (plan.residual.op !== 'false') {
            expect(isOnePage(page, { ...plan, isOrdered: false }, () => 1)).toBe(false);
          }
        },
      ),
    );
  });
});

it('a sort without an access path is an error', () => {
  const { newest, routeSlowest, status } = MONGO_INDEXES;
  expect(() => new AccessPaths({ newest, routeSlowest, status })).toThrow('the sort durationMs');
  // @ts-expect-error: no index has the duration
  expect(() => new AccessPaths({ newest, status })).toThrow('No index has the order of the sort durationMs.');
  // @ts-expect-error: a text field cannot be sorted by
  const sortable: SortableField = 'path';
  // @ts-expect-error: a nullable field without a sentinel cannot be sorted by
  const nullable: SortableField = 'requestBytes';
  expect([sortable, nullable]).toHaveLength(2);
});
