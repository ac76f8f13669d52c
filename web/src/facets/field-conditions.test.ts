import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { RequestLogFilter } from '../filter/request-log-filter.ts';
import { fieldState, hasField, withoutField, withoutValue } from './field-conditions.ts';

const value = fc.constantFrom('GET', 'POST', 'PUT', null);
const values = fc.uniqueArray(value, { minLength: 1, maxLength: 4 });
const comparison = fc.oneof(
  value.map((eq) => ({ eq })),
  value.map((ne) => ({ ne })),
  values.map((list) => ({ in: list })),
  fc.tuple(values, value).map(([notIn, ne]) => ({ notIn, ne })),
  fc.constant({ startsWith: 'P' }),
);
const { filter } = fc.letrec<{ filter: RequestLogFilter }>((tie) => ({
  filter: fc.record(
    {
      method: comparison,
      service: comparison,
      statusCode: fc.record({ gte: fc.nat(599) }),
      not: comparison.map((method) => ({ method })),
      and: fc.array(tie('filter'), { minLength: 1, maxLength: 3, depthIdentifier: 'and' }),
    },
    { requiredKeys: [], noNullPrototype: true },
  ),
}));

test('conditions name the values that they include and exclude, also in parts joined by and', () => {
  const state = fieldState(
    { statusCode: { in: [404, 500] }, and: [{ statusCode: { ne: 200 } }, { method: { eq: 'GET' } }] },
    'statusCode',
  );
  expect([...state.included]).toEqual(['404', '500']);
  expect([...state.excluded]).toEqual(['200']);
});

test('without a field no condition on it is left, and those on others are', () => {
  fc.assert(
    fc.property(filter, (filter) => {
      const rest = withoutField(filter, 'method');
      expect(hasField(rest, 'method')).toBe(false);
      expect(fieldState(rest, 'service')).toEqual(fieldState(filter, 'service'));
      expect(withoutField(rest, 'method')).toEqual(rest);
    }),
  );
});

test('without a value only that value is neither included nor excluded', () => {
  fc.assert(
    fc.property(filter, value, (filter, value) => {
      const before = fieldState(filter, 'method');
      const after = fieldState(withoutValue(filter, 'method', value), 'method');
      const others = (set: ReadonlySet<unknown>) => [...set].filter((one) => one !== value);
      expect([...after.included]).toEqual(others(before.included));
      expect([...after.excluded]).toEqual(others(before.excluded));
    }),
  );
});

test('other conditions on the field stay', () => {
  expect(withoutValue({ method: { in: ['GET'], startsWith: 'P' } }, 'method', 'GET')).toEqual({
    method: { startsWith: 'P' },
  });
  expect(withoutValue({ and: [{ method: { eq: 'GET' } }] }, 'method', 'GET')).toEqual({});
});
