import { expect, test } from 'vitest';
import { codesBelowClasses, withConditionValues } from './facet-order.ts';

test('values of conditions are listed even if they are not among the most frequent', () => {
  const state = { included: new Set(['GET', 'PURGE']), excluded: new Set([null]) };
  expect(withConditionValues([{ value: 'GET', count: 3 }], state)).toEqual([
    { value: 'GET', count: 3 },
    { value: 'PURGE', count: null },
    { value: null, count: null },
  ]);
});

test('codes stand below their classes; a code without one stands at the end', () => {
  const rows = codesBelowClasses(
    [
      { value: '5xx', count: 2 },
      { value: '2xx', count: 9 },
    ],
    [
      { value: '200', count: 9 },
      { value: '504', count: 2 },
      { value: '404', count: null },
    ],
  );
  expect(rows.map(({ value }) => value)).toEqual(['2xx', '200', '5xx', '504', '404']);
});
