import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { conditions, hostileTexts, queries } from './arbitraries.ts';
import type { Condition } from './condition.ts';
import { filterOfQuery, parse } from './parse-query.ts';
import { print } from './print-query.ts';
import { SYNTAX_HELP } from './syntax-help.ts';
import { tokenize } from './tokenize.ts';

const withoutPlaces = (text: string): readonly Condition[] =>
  parse(text).conditions.map(({ start, end, ...condition }) => condition);
const problemOf = (text: string) =>
  parse(text)
    .problems.map(({ message }) => message)
    .join('\n');

describe('parse', () => {
  it.each<[string, unknown]>([
    ['status:404', { statusCode: { eq: 404 } }],
    ['status:404,500', { statusCode: { in: [404, 500] } }],
    ['status:5xx', { statusClass: { eq: '5xx' } }],
    ['-status:4XX,5xx', { statusClass: { notIn: ['4xx', '5xx'] } }],
    ['STATUS_CODE:>=400', { statusCode: { gte: 400 } }],
    ['!method:get', { method: { ne: 'GET' } }],
    ['duration:>2s', { durationMs: { gt: 2000 } }],
    ['duration:>1.5s duration:<=3000ms', { durationMs: { gt: 1500, lte: 3000 } }],
    ['duration:100..500', { durationMs: { gte: 100, lte: 500 } }],
    ['-duration:100..500', { not: { durationMs: { gte: 100, lte: 500 } } }],
    ['duration:none', { durationMs: { eq: null } }],
    ['route:none', { routePattern: { eq: null } }],
    ['-route:"none"', { routePattern: { ne: 'none' } }],
    ['route:""', { routePattern: { eq: '' } }],
    ['path:~search path:~id', { path: { contains: 'search' }, and: [{ path: { contains: 'id' } }] }],
    ['path:^/v1/ path:~id', { path: { startsWith: '/v1/', contains: 'id' } }],
    ['-path:~health', { not: { path: { contains: 'health' } } }],
    ['path:/v1/things?from=12:30', { path: { eq: '/v1/things?from=12:30' } }],
    ['agent:"curl, 8.5 \\"x\\" \\\\ \\n"', { userAgent: { eq: 'curl, 8.5 "x" \\ \n' } }],
    ['outcome:client_error,SERVER_ERROR', { or: [{ outcome: 'CLIENT_ERROR' }, { outcome: 'SERVER_ERROR' }] }],
    ['-outcome:success', { not: { outcome: 'SUCCESS' } }],
    ['time:>=2026-11-28', { createdAt: { gte: '2026-11-28T00:00:00Z' } }],
    ['received:<2026-11-28T14:05+02:00', { receivedAt: { lt: '2026-11-28T12:05:00Z' } }],
    ['time out', { search: 'time', and: [{ search: 'out' }] }],
    ['"time out"', { search: 'time out' }],
    ['-timeout', { not: { search: 'timeout' } }],
    ['- /v1/a:b', { search: '-', and: [{ search: '/v1/a:b' }] }],
    ['search:"a b"', { search: 'a b' }],
    ['route:"a"b', { routePattern: { eq: 'a' }, search: 'b' }],
    ['', {}],
    [' \n ', {}],
  ])('reads %s', (text, filter) => {
    expect(parse(text).problems).toEqual([]);
    expect(filterOfQuery(text)).toEqual(filter);
  });

  it.each([
    [
      'statsu:404',
      'There is no field "statsu". Did you mean status? To search for the text, put it in quotes.',
    ],
    ['http://x', 'There is no field "http". To search for the text, put it in quotes.'],
    [
      'duration:slow',
      'duration takes a number of milliseconds or seconds, such as duration:>500 or duration:>2s.',
    ],
    [
      'status:600',
      'status takes codes from 100 to 599 or classes, such as status:404, status:5xx or status:>=400.',
    ],
    ['status:404,5xx', 'status takes codes or classes, not both, such as status:404,500 or status:4xx,5xx.'],
    ['route:', 'route needs a value: a text, such as route:value or route:"with spaces".'],
    ['status:404,', 'status needs a value'],
    ['route:"a', 'The text in quotes does not end: add a closing " after it.'],
    ['route:"a\\"', 'The text in quotes does not end'],
    ['route:>a', 'route is a text and has no operator >. Use route:~part or route:^beginning, or quotes.'],
    ['duration:~5', 'duration has no operator ~. It takes a number of milliseconds'],
    ['duration:>5,6', 'duration takes one value here.'],
    ['duration:500..100', 'The range 500..100 ends before it starts.'],
    ['duration:5..', 'A range has a start and an end, such as duration:100..500.'],
    ['units:99999999999', 'units takes a whole number'],
    ['time:2026-02-30', 'time takes a time in UTC, such as time:>2026-11-28T14:05.'],
    ['outcome:none', 'outcome takes success, client_error or server_error'],
    ['a OR b', 'OR is written with a comma'],
  ])('says what is wrong with %s', (text, message) => {
    expect(problemOf(text)).toContain(message);
  });

  it('applies the valid parts and tells where the others are', () => {
    const text = 'status:404 foo:1 -method:GET';
    expect(filterOfQuery(text)).toEqual({ statusCode: { eq: 404 }, method: { ne: 'GET' } });
    expect(parse(text).problems).toMatchObject([{ start: 11, end: 16 }]);
    expect(parse(text).conditions).toMatchObject([
      { start: 0, end: 10 },
      { start: 17, end: 28 },
    ]);
  });

  it('reads each example of the help', () => {
    for (const { example } of SYNTAX_HELP) expect(problemOf(example)).toBe('');
  });

  it('reads every text, and each character of it', () => {
    fc.assert(
      fc.property(fc.oneof(queries, hostileTexts), (text) => {
        const { conditions, problems } = parse(text);
        const spans = tokenize(text);
        expect(conditions.length + problems.length).toBe(spans.length);
        let end = 0;
        for (const span of spans) {
          expect(text.slice(end, span.start).trim()).toBe('');
          expect(span.end).toBeGreaterThan(span.start);
          end = span.end;
        }
        expect(text.slice(end).trim()).toBe('');
      }),
      { numRuns: 1000 },
    );
  });
});

describe('print', () => {
  it.each([
    ['STATUS_CODE:404,500 !method:get', 'status:404,500 -method:GET'],
    ['class:5xx', 'status:5xx'],
    ['class:none', 'class:none'],
    ['duration:>2s', 'duration:>2000'],
    ['route:"/v1/things"', 'route:/v1/things'],
    ['route:"None"', 'route:"None"'],
    ['"OR" "-x" "a:b" "a b" "12:30"', '"OR" "-x" "a:b" "a b" 12:30'],
    ['agent:"\\n\\ud800"', 'agent:"\\u000a\\ud800"'],
    ['outcome:SERVER_ERROR', 'outcome:server_error'],
  ])('writes %s in its canonical form', (text, canonical) => {
    expect(print(parse(text).conditions)).toBe(canonical);
  });

  it('is stable', () => {
    fc.assert(
      fc.property(queries, (text) => {
        const printed = print(parse(text).conditions);
        expect(print(parse(printed).conditions)).toBe(printed);
      }),
      { numRuns: 1000 },
    );
  });

  it('loses nothing, and no character that an input or a URL cannot keep', () => {
    fc.assert(
      fc.property(fc.array(conditions, { maxLength: 5 }), (any) => {
        const text = print(any);
        expect(parse(text).problems).toEqual([]);
        expect(withoutPlaces(text)).toEqual(any);
        expect(text).not.toMatch(/[\p{Cc}\p{Cs}]/u);
      }),
      { numRuns: 2000 },
    );
  });
});
