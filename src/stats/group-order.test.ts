import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { sampleLog } from '../../test/store/samples.ts';
import { DIRECTIONS } from '../log/sort.ts';
import { GROUP_MEASURES, type Group, type GroupMeasure, sortedGroups } from './group-order.ts';
import { MeasuresSum } from './measures.ts';

/** A group of logs with these status codes and durations. */
function group(
  value: string | null,
  logs: readonly { statusCode?: number; durationMs?: number | null }[] = [],
): Group {
  const sum = new MeasuresSum();
  for (const log of logs) sum.add(sampleLog({ ...log, billedUnits: log.statusCode === 200 ? 1 : 0 }));
  return { key: [{ dimension: 'ROUTE_PATTERN', value }], measures: sum.result() };
}

const values = (groups: readonly Group[]) => groups.map(({ key }) => key[0]!.value);

const FAILING = group('failing', [
  { statusCode: 500, durationMs: 30 },
  { statusCode: 404, durationMs: 30 },
]);
const BUSY = group(
  'busy',
  [200, 200, 404, 500].map((statusCode) => ({ statusCode, durationMs: 10 })),
);
const UNTIMED = group('untimed', [{ statusCode: 200, durationMs: null }]);

it.each<[GroupMeasure, string[]]>([
  ['COUNT', ['busy', 'failing', 'untimed']],
  ['CLIENT_ERROR_COUNT', ['busy', 'failing', 'untimed']],
  ['SERVER_ERROR_COUNT', ['busy', 'failing', 'untimed']],
  ['CLIENT_ERROR_RATE', ['failing', 'busy', 'untimed']],
  ['SERVER_ERROR_RATE', ['failing', 'busy', 'untimed']],
  ['BILLED_UNITS', ['busy', 'untimed', 'failing']],
  ['DURATION_SUM', ['failing', 'busy', 'untimed']],
  ['DURATION_P50', ['failing', 'busy', 'untimed']],
  ['DURATION_P95', ['failing', 'busy', 'untimed']],
  ['DURATION_P99', ['failing', 'busy', 'untimed']],
  ['KEY', ['untimed', 'failing', 'busy']],
])('sorts by %s', (measure, expected) => {
  const sorted = sortedGroups([UNTIMED, FAILING, BUSY], { measure, direction: 'desc' });
  expect(values(sorted)).toEqual(expected);
});

describe('groups with equal measures', () => {
  const equal = ['b', null, 'a', 'null', ''].map((value) => group(value));

  it.each(DIRECTIONS)('are in ascending order of their keys: %s', (direction) => {
    expect(values(sortedGroups(equal, { measure: 'COUNT', direction }))).toEqual([
      null,
      '',
      'a',
      'b',
      'null',
    ]);
  });

  it('follow the direction of KEY', () => {
    expect(values(sortedGroups(equal, { measure: 'KEY', direction: 'desc' }))).toEqual([
      'null',
      'b',
      'a',
      '',
      null,
    ]);
  });
});

it('has one order for the same groups', () => {
  fc.assert(
    fc.property(
      fc.uniqueArray(fc.tuple(fc.constantFrom(null, 'a', 'b'), fc.constantFrom(null, 'x', 'y')), {
        selector: (key) => JSON.stringify(key),
      }),
      fc.constantFrom(...GROUP_MEASURES),
      fc.constantFrom(...DIRECTIONS),
      (keys, measure, direction) => {
        const groups = keys.map(([method, host], i): Group => {
          const { measures } = group(
            null,
            Array.from({ length: i % 2 }, () => ({ durationMs: i })),
          );
          return {
            key: [
              { dimension: 'METHOD', value: method },
              { dimension: 'HOST', value: host },
            ],
            measures,
          };
        });
        const sorted = sortedGroups(groups, { measure, direction });
        expect(sortedGroups(groups.toReversed(), { measure, direction })).toEqual(sorted);
      },
    ),
  );
});
