import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { queries } from '../filter/arbitraries.ts';
import { parse } from '../filter/parse-query.ts';
import { completionAt, isUnfinished } from './completion.ts';
import { type CountedValue, suggestionsFor } from './suggestions.ts';

/** @param marked a text in which `|` is the caret. */
function suggest(marked: string, values: readonly CountedValue[] = []) {
  const caret = marked.indexOf('|');
  const completion = completionAt(marked.replace('|', ''), caret);
  return completion === null ? null : suggestionsFor(completion, values);
}
const labels = (marked: string, values?: readonly CountedValue[]) =>
  suggest(marked, values)?.map(({ label }) => label);

describe('suggestions', () => {
  const ROUTES = [
    { value: '/v1/a', count: 9 },
    { value: 'none', count: 2 },
    { value: null, count: 1 },
  ];

  it.each<[string, string[] | undefined]>([
    ['stat|', ['status', 'class']],
    ['-stat|', ['status', 'class']],
    ['status:404 meth|', ['method']],
    ['meth|:GET', ['method']],
    ['"meth|"', undefined],
    ['/v1/|', undefined],
    ['outcome:cl|', ['client_error']],
    ['class:|', ['1xx', '2xx', '3xx', '4xx', '5xx']],
    ['duration:|', ['>', '>=', '<', '<=', 'none']],
    ['duration:>|', []],
    ['path:~|', []],
    ['unknown:|', undefined],
  ])('at %s', (text, expected) => {
    expect(labels(text)).toEqual(expected);
  });

  it('are values, operators and null', () => {
    expect(labels('route:|', ROUTES)).toEqual(['/v1/a', 'none', 'none', '~', '^']);
    expect(labels('route:/V1|', ROUTES)).toEqual(['/v1/a']);
    expect(labels('route:/v1/a,|', ROUTES)).toEqual(['none', 'none']);
    expect(suggest('route:|', ROUTES)!.map(({ insert }) => insert)).toEqual([
      '/v1/a',
      '"none"',
      'none',
      '~',
      '^',
    ]);
  });

  it('of values make conditions without problems', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (value) => {
        const { insert } = suggest('route:|', [{ value, count: 1 }])![0]!;
        expect(parse(`route:${insert}`)).toMatchObject({ conditions: [{ values: [value] }], problems: [] });
      }),
    );
  });

  it('are found at each position of any text', () => {
    fc.assert(
      fc.property(queries, fc.nat(), (text, at) => {
        const completion = completionAt(text, at % (text.length + 1));
        if (completion === null) return;
        expect(completion.start).toBeLessThanOrEqual(completion.end);
        expect(completion.end).toBeLessThanOrEqual(text.length);
        suggestionsFor(completion, []);
      }),
    );
  });
});

describe('isUnfinished', () => {
  it.each([
    ['stat|', true],
    ['status:|', true],
    ['status:4|', true],
    ['status:404|', false],
    ['timeouts|', false],
    ['bad:1 timeouts|', false],
    ['|', false],
  ])('of %s is %s', (marked, expected) => {
    expect(isUnfinished(marked.replace('|', ''), marked.indexOf('|'))).toBe(expected);
  });
});
