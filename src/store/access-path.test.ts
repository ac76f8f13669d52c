import { describe, expect, it } from 'vitest';
import type { LogField } from '../log/fields.ts';
import { EVERYTHING, type Filter } from '../log/filter.ts';
import type { LogQuery } from '../log/query.ts';
import { SORT_FIELDS } from '../log/sort.ts';
import { planOf } from './access-path.ts';
import { LOG_INDEXES } from './indexes.ts';

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
  const { index, streams, residual } = planOf(query(filter, more));
  return [
    index.name,
    streams === null ? 1 : 'values' in streams ? streams.values.length : 'range',
    residual.op,
  ];
};

describe('the plan', () => {
  it.each<[string, Filter, (string | number)[]]>([
    ['everything', EVERYTHING, ['newest', 1, 'true']],
    ['a method', is('method', 'GET'), ['method', 1, 'true']],
    ['no route', is('routePattern', null), ['route', 1, 'true']],
    ['a status', is('statusCode', 500), ['status', 1, 'true']],
    ['statuses', { op: 'in', field: 'statusCode', values: [404, 500] }, ['status', 2, 'true']],
    ['what failed', { op: 'gte', field: 'statusCode', value: 400 }, ['failed', 1, 'true']],
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

  it('takes the index of the sort for the other sorts', () => {
    expect(chosen(is('method', 'GET'), { sort: 'durationMs' })[0]).toBe('slowest');
    expect(chosen(EVERYTHING, { sort: 'statusCode' })).toEqual(['status', 1, 'true']);
    expect(chosen(is('statusCode', 404), { sort: 'statusCode' })).toEqual(['status', 1, 'true']);
  });

  it('keeps one bound a side, the tighter: a deep page does not read the rows before it', () => {
    const to = 5_000;
    const after = { sortValue: 3_000, createdAt: 3_000, id: 'x' };
    const plan = planOf(query({ op: 'lte', field: 'createdAt', value: to }, { after }));
    expect(plan).toMatchObject({ upper: { kind: 'position' }, lower: null, residual: { op: 'true' } });
    const before = planOf(query({ op: 'lt', field: 'createdAt', value: 3_000 }, { after }));
    expect(before.upper).toEqual({ kind: 'value', value: 3_000, inclusive: false });
    const window = planOf(query(EVERYTHING, { scope: { organizationId: 'acme', visibleFrom: 7 } }));
    expect(window.lower).toEqual({ kind: 'value', value: 7, inclusive: true });
  });

  it('uses every index of the table for something, and each starts with the organization', () => {
    const used = new Set(SORT_FIELDS.map((sort) => planOf(query(EVERYTHING, { sort })).index.name));
    for (const filter of [
      is('method', 'x'),
      is('routePattern', 'x'),
      is('apiKeyId', 'x'),
      is('requestId', 'x'),
    ]) {
      used.add(planOf(query(filter)).index.name);
      used.add(planOf(query(filter, { sort: 'durationMs' })).index.name);
    }
    used.add(planOf(query({ op: 'gte', field: 'statusCode', value: 400 })).index.name);
    expect([...used].sort()).toEqual(Object.keys(LOG_INDEXES).sort());
    for (const { keys } of Object.values(LOG_INDEXES)) expect(keys[0]).toBe('organizationId');
  });
});
