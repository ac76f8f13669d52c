import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { anyFilter } from '../../test/store/samples.ts';
import type { LogField, SortableField } from '../log/fields.ts';
import { type Filter, MATCH_ALL } from '../log/filter.ts';
import type { LogQuery } from '../log/query.ts';
import { DIRECTIONS, SORT_FIELDS, type SortField } from '../log/sort.ts';
import { isOrdered, planPage, type Streams } from './access-path.ts';
import { LOG_INDEXES } from './indexes.ts';
import { isOnePage } from './one-page.ts';

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
const chosen = (filter: Filter, more?: Partial<LogQuery>) => {
  const { index, streams, residual } = planPage(query(filter, more));
  return [
    index.name,
    streams === null ? 1 : 'values' in streams ? streams.values.length : 'range',
    residual.op,
  ];
};

describe('the access path', () => {
  it.each<[string, Filter, (string | number)[]]>([
    ['everything', MATCH_ALL, ['newest', 1, 'true']],
    ['a method', is('method', 'GET'), ['method', 1, 'true']],
    ['no route', is('routePattern', null), ['route', 1, 'true']],
    ['a status', is('statusCode', 500), ['status', 1, 'true']],
    ['statuses', { op: 'in', field: 'statusCode', values: [404, 500] }, ['status', 2, 'true']],
    ['failures', { op: 'gte', field: 'statusCode', value: 400 }, ['failed', 1, 'true']],
    ['server errors', { op: 'gte', field: 'statusCode', value: 500 }, ['status', 'range', 'true']],
    ['a request id', is('requestId', 'x'), ['requestId', 1, 'true']],
    [
      'a key and a method',
      { op: 'and', filters: [is('method', 'GET'), is('apiKeyId', 'key_1')] },
      ['apiKey', 1, 'eq'],
    ],
    ['a substring', { op: 'contains', field: 'path', value: 'x' }, ['newest', 1, 'contains']],
  ])('of %s, newest first', (_name, filter, expected) => {
    expect(chosen(filter)).toEqual(expected);
  });

  it('uses the index of the sort for the other sorts', () => {
    expect(chosen(is('method', 'GET'), { sort: 'durationMs' })[0]).toBe('slowest');
    expect(chosen(MATCH_ALL, { sort: 'statusCode' })).toEqual(['status', 1, 'true']);
    expect(chosen(is('statusCode', 404), { sort: 'statusCode' })).toEqual(['status', 1, 'true']);
  });

  it('keeps the tighter bound on each side, so a deep page does not read the rows before it', () => {
    const to = 5_000;
    const after = { sortValue: 3_000, createdAt: 3_000, id: 'x' };
    const plan = planPage(query({ op: 'lte', field: 'createdAt', value: to }, { after }));
    expect(plan).toMatchObject({ upper: { kind: 'position' }, lower: null, residual: { op: 'true' } });
    const before = planPage(query({ op: 'lt', field: 'createdAt', value: 3_000 }, { after }));
    expect(before.upper).toEqual({ kind: 'value', value: 3_000, inclusive: false });
    const window = planPage(query(MATCH_ALL, { scope: { organizationId: 'acme', visibleFrom: 7 } }));
    expect(window.lower).toEqual({ kind: 'value', value: 7, inclusive: true });
  });

  it('uses every declared index, and each index starts with the organization', () => {
    const used = new Set(SORT_FIELDS.map((sort) => planPage(query(MATCH_ALL, { sort })).index.name));
    for (const filter of [
      is('method', 'x'),
      is('routePattern', 'x'),
      is('apiKeyId', 'x'),
      is('requestId', 'x'),
    ]) {
      used.add(planPage(query(filter)).index.name);
      used.add(planPage(query(filter, { sort: 'durationMs' })).index.name);
    }
    used.add(planPage(query({ op: 'gte', field: 'statusCode', value: 400 })).index.name);
    expect([...used].sort()).toEqual(Object.keys(LOG_INDEXES).sort());
    for (const { keys } of Object.values(LOG_INDEXES)) expect(keys[0]).toBe('organizationId');
  });
});

describe('isOrdered', () => {
  const one: Streams = { field: 'method', values: ['GET'] };
  it.each<[keyof typeof LOG_INDEXES, Streams | null, SortField, boolean]>([
    ['newest', null, 'createdAt', true],
    ['newest', null, 'durationMs', false],
    ['newest', null, 'statusCode', false],
    ['method', one, 'createdAt', true],
    ['method', null, 'createdAt', false],
    ['method', one, 'durationMs', false],
    ['slowest', null, 'durationMs', true],
    ['slowest', null, 'createdAt', false],
    ['status', null, 'statusCode', true],
    ['status', { field: 'statusCode', from: 400, to: 499 }, 'createdAt', true],
    ['status', { field: 'statusCode', from: 400, to: 499 }, 'statusCode', true],
    ['failed', null, 'createdAt', true],
    ['requestId', { field: 'requestId', values: ['x'] }, 'durationMs', true],
    ['requestId', null, 'createdAt', false],
  ])('%s', (index, streams, key, expected) => {
    expect(isOrdered({ index: LOG_INDEXES[index], streams, key })).toBe(expected);
  });

  it('is true for the plan of any query; without it no query counts as one page, whatever its limit', () => {
    fc.assert(
      fc.property(
        anyFilter,
        fc.constantFrom(...SORT_FIELDS),
        fc.constantFrom(...DIRECTIONS),
        (filter, sort, direction) => {
          const page = query(filter, { sort, direction, limit: 1 });
          const plan = planPage(page);
          expect(plan.isOrdered).toBe(true);
          if (plan.residual.op !== 'false') {
            expect(isOnePage(page, { ...plan, isOrdered: false })).toBe(false);
          }
        },
      ),
    );
  });
});

it('a sort without an access path is a type error', () => {
  const paths: Record<string, unknown> = {};
  // @ts-expect-error: no path for `createdAt` and `statusCode`
  const served: Record<SortField, unknown> = { durationMs: paths };
  // @ts-expect-error: a text field cannot be sorted by
  const sortable: SortableField = 'path';
  // @ts-expect-error: a nullable field without a sentinel cannot be sorted by
  const nullable: SortableField = 'requestBytes';
  expect([served, sortable, nullable]).toHaveLength(3);
});
