import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { matches } from '../../test/store/matches.ts';
import { anyFilter, anyLogs } from '../../test/store/samples.ts';
import { canonicalFilter } from './canonical-filter.ts';
import type { Filter } from './filter.ts';

const is = (value: string): Filter => ({ op: 'eq', field: 'method', value });
const not = (filter: Filter): Filter => ({ op: 'not', filter });
const all = (...filters: Filter[]): Filter => ({ op: 'and', filters });
const any = (...filters: Filter[]): Filter => ({ op: 'or', filters });
const methodIn = (...values: (string | null)[]): Filter => ({ op: 'in', field: 'method', values });
const status = (op: 'gt' | 'gte' | 'lt' | 'lte', value: number): Filter => ({
  op,
  field: 'statusCode',
  value,
});
const path = (value: string): Filter => ({ op: 'contains', field: 'path', value });

/** Writes a filter in another form, as the choices say. */
function reformed(filter: Filter, choose: () => boolean): Filter {
  const inner = (part: Filter) => reformed(part, choose);
  const other = ((): Filter => {
    switch (filter.op) {
      case 'and':
      case 'or': {
        const filters = filter.filters.map(inner);
        if (choose()) filters.reverse();
        if (choose()) filters.push(...filters.slice(0, 2));
        if (!choose()) return { op: filter.op, filters };
        return not({ op: filter.op === 'and' ? 'or' : 'and', filters: filters.map(not) });
      }
      case 'not':
        return not(inner(filter.filter));
      case 'in':
      case 'notIn':
        return { ...filter, values: [...filter.values.toReversed(), ...filter.values.slice(0, 1)] };
      case 'eq':
        return choose() ? filter : { op: 'in', field: filter.field, values: [filter.value] };
      case 'ne':
        return choose() ? filter : not({ ...filter, op: 'eq' });
      case 'gt':
        return { ...filter, op: 'gte', value: Math.floor(filter.value) + 1 };
      case 'lte':
        return { ...filter, op: 'lt', value: Math.floor(filter.value) + 1 };
      case 'contains':
      case 'startsWith':
        return { ...filter, value: filter.value.replace(/[a-z]/g, (letter) => letter.toUpperCase()) };
      default:
        return filter;
    }
  })();
  return choose() ? other : all(any(not(not(other))));
}

describe('the canonical form of a filter', () => {
  it('matches the same logs', () => {
    fc.assert(
      fc.property(anyFilter, anyLogs, (filter, logs) => {
        const canonical = JSON.parse(canonicalFilter(filter)) as Filter;
        for (const log of logs) expect(matches(canonical, log)).toBe(matches(filter, log));
      }),
    );
  });

  it('is the same for every way to write the filter, and is its own canonical form', () => {
    fc.assert(
      fc.property(anyFilter, fc.infiniteStream(fc.boolean()), (filter, choices) => {
        const text = canonicalFilter(filter);
        expect(canonicalFilter(reformed(filter, () => choices.next().value!))).toBe(text);
        expect(canonicalFilter(JSON.parse(text) as Filter)).toBe(text);
      }),
    );
  });

  it.each<[string, Filter, Filter]>([
    ['order', all(is('GET'), path('x')), all(path('x'), is('GET'))],
    ['a list and its parts', methodIn('GET', 'PUT', 'GET'), any(is('PUT'), is('GET'))],
    ['an empty list', methodIn(), any()],
    ['a part that matches nothing', all(is('GET'), methodIn()), any()],
    ['a part that matches everything', any(is('GET'), all()), all()],
    ['a negated list', not(methodIn('GET', null)), { op: 'notIn', field: 'method', values: [null, 'GET'] }],
    ['bounds', all(status('gt', 399), status('lt', 500)), all(status('lte', 499), status('gte', 400))],
    ['the case of text', path('/V1'), path('/v1')],
  ])('is the same: %s', (_name, a, b) => {
    expect(canonicalFilter(a)).toBe(canonicalFilter(b));
  });

  it.each<[string, Filter, Filter]>([
    ['and, or', all(is('GET'), path('x')), any(is('GET'), path('x'))],
    ['the case of a value', is('GET'), is('get')],
    ['null and its name', methodIn(null), is('null')],
    ['a number and its digits', { op: 'eq', field: 'statusCode', value: 200 }, is('200')],
    ['a negated bound, which matches null', not(status('gt', 5)), status('lte', 5)],
    ['operators', path('x'), { op: 'startsWith', field: 'path', value: 'x' }],
    ['quotes in a value', all(is('a'), is('b')), is('a"},{"op":"eq","field":"method","value":"b')],
  ])('differs: %s', (_name, a, b) => {
    expect(canonicalFilter(a)).not.toBe(canonicalFilter(b));
  });
});
