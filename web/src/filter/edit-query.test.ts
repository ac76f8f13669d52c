import fc from 'fast-check';
import { buildSchema, coerceInputValue, type GraphQLInputType } from 'graphql';
import { describe, expect, it } from 'vitest';
import schemaText from '../../../schema.graphql?raw';
import { conditions, hostileTexts, queries } from './arbitraries.ts';
import type { QueryField } from './condition.ts';
import { excludeValue, includeValue, stateOfFilter } from './edit-query.ts';
import { filterOfConditions } from './filter-of-conditions.ts';
import { filterOfQuery, parse } from './parse-query.ts';
import type { RequestLogFilter } from './request-log-filter.ts';
import { SYNTAX_FIELDS } from './syntax-fields.ts';

const schema = buildSchema(schemaText);
const FILTER = schema.getType('RequestLogFilter') as GraphQLInputType;
const OWN = ['and', 'or', 'not'];

describe('the filter of a text', () => {
  it('knows each field of the API', () => {
    const names = Object.keys((FILTER as unknown as { getFields(): object }).getFields());
    expect(SYNTAX_FIELDS.map(({ field }) => field).sort()).toEqual(
      names.filter((name) => !OWN.includes(name)).sort(),
    );
  });

  it('is valid by the schema', () => {
    fc.assert(
      fc.property(
        fc.oneof(fc.array(conditions, { maxLength: 6 }).map(filterOfConditions), queries.map(filterOfQuery)),
        (filter) => {
          expect(coerceInputValue(filter, FILTER)).toBeDefined();
        },
      ),
      { numRuns: 1000 },
    );
  });

  it('becomes the same filter by way of its text', () => {
    fc.assert(
      fc.property(fc.array(conditions, { maxLength: 6 }), (any) => {
        const noTime = any.filter(({ field }) => field !== 'createdAt');
        const filter = filterOfConditions(noTime);
        const { q, filter: rest } = stateOfFilter(filter);
        expect(rest).toBeNull();
        expect(stateOfFilter(filterOfQuery(q))).toEqual({ q, filter: null });
        expect(canonical(filterOfQuery(q))).toEqual(canonical(filter));
      }),
      { numRuns: 1000 },
    );
  });
});

/** All conditions of a filter as texts, however they are joined by and. */
function canonical(filter: RequestLogFilter): readonly string[] {
  return Object.entries(filter)
    .flatMap(([name, value]) => {
      if (name === 'and') return (value as RequestLogFilter[]).flatMap(canonical);
      if (typeof value !== 'object' || name === 'or' || name === 'not') return JSON.stringify([name, value]);
      return Object.entries(value as object).map((operation) => JSON.stringify([name, operation]));
    })
    .sort();
}

describe('stateOfFilter', () => {
  const range = { createdAt: { gte: '2026-11-21T00:00:00Z', lt: '2026-11-28T00:00:00Z' } };

  it.each<[RequestLogFilter, string, RequestLogFilter | null]>([
    [{}, '', null],
    [{ ...range, routePattern: { eq: '/v1/x' } }, 'route:/v1/x', null],
    [
      { and: [{ statusClass: { eq: '5xx' }, method: { ne: 'GET' } }, range], routePattern: { eq: null } },
      'status:5xx -method:GET route:none',
      null,
    ],
    [{ and: [{ createdAt: { gt: '2026-11-27T00:00:00Z' } }, range] }, 'time:>2026-11-27T00:00:00Z', null],
    [
      { or: [{ service: { eq: 'a' } }, { host: { eq: 'b' } }] },
      '',
      { or: [{ service: { eq: 'a' } }, { host: { eq: 'b' } }] },
    ],
    [{ statusCode: { eq: 404, in: [] } }, 'status:404', { statusCode: { in: [] } }],
    [{ durationMs: { gte: -1, lt: 5 } }, 'duration:<5', { durationMs: { gte: -1 } }],
    [{ durationMs: { gte: 5, lte: 4 } }, 'duration:>=5 duration:<=4', null],
    [{ not: { path: { contains: 'a' } } }, '-path:~a', null],
    [{ not: { not: { method: { eq: 'GET' } } } }, 'method:GET', null],
    [{ not: {} }, '', { not: {} }],
    [
      { not: { path: { contains: 'a', startsWith: 'b' } }, search: 'x y' },
      '"x y"',
      { not: { path: { contains: 'a', startsWith: 'b' } } },
    ],
    [{ statusClass: { eq: '6xx' }, or: [] }, '', { and: [{ statusClass: { eq: '6xx' } }, { or: [] }] }],
    [{ or: [{ outcome: 'SUCCESS' }, { outcome: 'CLIENT_ERROR' }] }, 'outcome:success,client_error', null],
  ])('of %j', (filter, q, rest) => {
    expect(stateOfFilter(filter)).toEqual({ q, filter: rest });
  });

  it('takes any JSON', () => {
    fc.assert(
      fc.property(
        fc.dictionary(fc.constantFrom(...SYNTAX_FIELDS.map(({ field }) => field), ...OWN), fc.jsonValue()),
        (any) => {
          const { q } = stateOfFilter(any as RequestLogFilter);
          expect(parse(q).problems).toEqual([]);
        },
      ),
    );
  });
});

describe('includeValue and excludeValue', () => {
  it.each([
    ['', 'status:404', '-status:404'],
    ['status:500', 'status:500,404', 'status:500 -status:404'],
    ['code:404', 'code:404', '-status:404'],
    ['-status:404', 'status:404', '-status:404'],
    ['-status:404,500 foo', '-status:500 foo status:404', '-status:404,500 foo'],
    ['status:5xx', 'status:5xx status:404', 'status:5xx -status:404'],
    ['STATUS:404   bad:1', 'STATUS:404 bad:1', 'bad:1 -status:404'],
    ['route:"a', 'status:404 route:"a', '-status:404 route:"a'],
  ])('change %j', (text, included, excluded) => {
    expect(includeValue(text, 'statusCode', '404')).toBe(included);
    expect(excludeValue(text, 'statusCode', '404')).toBe(excluded);
  });

  it('write null and texts that look like syntax', () => {
    expect(includeValue('', 'routePattern', null)).toBe('route:none');
    expect(includeValue('route:none', 'routePattern', 'none')).toBe('route:none,"none"');
    expect(includeValue('', 'statusClass', '5xx')).toBe('status:5xx');
    expect(excludeValue('status:5xx', 'statusClass', '5xx')).toBe('-status:5xx');
  });

  const FIELDS: readonly QueryField[] = [
    'routePattern',
    'method',
    'statusCode',
    'statusClass',
    'consumerId',
    'durationMs',
  ];
  const edits = fc.record({
    text: queries,
    field: fc.constantFrom(...FIELDS),
    value: fc.option(fc.oneof(hostileTexts, fc.constantFrom('404', '5xx', 'GET'))),
  });
  const count = (text: string) => parse(text).problems.length;

  it('keep the laws of sets', () => {
    fc.assert(
      fc.property(edits, ({ text, field, value }) => {
        const included = includeValue(text, field, value);
        const excluded = excludeValue(text, field, value);
        expect(includeValue(included, field, value)).toBe(included);
        expect(excludeValue(excluded, field, value)).toBe(excluded);
        // The last one wins.
        const again = includeValue(excluded, field, value);
        expect(includeValue(again, field, value)).toBe(again);
        expect(count(included)).toBe(count(excluded));
        const canHave = parse(includeValue('', field, value)).conditions[0]?.field === field;
        expect(count(included) - count(text)).toBeLessThanOrEqual(canHave ? 0 : 1);
        if (!canHave) return;
        const conditions = (of: string, isNegated: boolean) =>
          parse(of).conditions.filter(
            (one) => one.field === field && one.operator === 'is' && one.isNegated === isNegated,
          );
        const [has] = parse(includeValue('', field, value)).conditions[0]!.values;
        expect(conditions(included, false).some(({ values }) => values.includes(has!))).toBe(true);
        expect(conditions(included, true).some(({ values }) => values.includes(has!))).toBe(false);
        expect(conditions(excluded, true).some(({ values }) => values.includes(has!))).toBe(true);
        expect(conditions(excluded, false).some(({ values }) => values.includes(has!))).toBe(false);
      }),
      { numRuns: 1000 },
    );
  });
});
