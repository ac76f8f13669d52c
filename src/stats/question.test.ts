import { describe, expect, it } from 'vitest';
import { DAY_MS, HOUR_MS } from '../lib/time-units.ts';
import type { DimensionName } from './dimensions.ts';
import { type BucketsQuestion, checkedPart, type GivenGroups, type RankedGroups } from './question.ts';

const FROM = Date.UTC(2026, 0, 1);

const groups = (changes: Partial<RankedGroups> = {}): RankedGroups => ({
  by: ['METHOD'],
  top: 10,
  order: { measure: 'COUNT', direction: 'desc' },
  search: null,
  ...changes,
});
const buckets = (changes: Partial<BucketsQuestion> = {}): BucketsQuestion => ({
  interval: 'HOUR',
  timeZone: 'europe/berlin',
  from: FROM,
  to: FROM + DAY_MS,
  ...changes,
});
const given = (count: number): GivenGroups => ({
  by: ['METHOD'],
  keys: Array.from({ length: count }, (_, i) => [`M${i}`]),
});
const ranked = (by: RankedGroups | null) => checkedPart({ groups: by, buckets: null });
const divided = (by: GivenGroups | null, over: BucketsQuestion) => checkedPart({ groups: by, buckets: over });

it('a valid question has its buckets and the name of its zone', () => {
  const question = divided(given(3), buckets());
  expect(question.groups).toEqual(given(3));
  expect(question.buckets).toMatchObject({ timeZone: 'Europe/Berlin', interval: 'HOUR', from: FROM });
  expect(question.buckets!.ranges).toHaveLength(24);
  expect(question.buckets!.ranges[0]).toEqual({ from: FROM, to: FROM + HOUR_MS });
});

it('groups and buckets are both optional', () => {
  expect(ranked(null)).toEqual({ groups: null, buckets: null });
  const three = groups({ by: ['METHOD', 'ROUTE_PATTERN', 'HOST'], top: 100 });
  expect(ranked(three)).toEqual({ groups: three, buckets: null });
  expect(divided(null, buckets()).groups).toBeNull();
});

describe('groups', () => {
  it.each<[string, Partial<RankedGroups>, string]>([
    ['no dimension', { by: [] }, 'Group by 1 to 3 dimensions, not 0.'],
    [
      'four dimensions',
      { by: ['METHOD', 'HOST', 'SERVICE', 'STATUS_CODE'] },
      'Group by 1 to 3 dimensions, not 4.',
    ],
    ['a repeated dimension', { by: ['HOST', 'METHOD', 'HOST'] as DimensionName[] }, 'HOST is given twice'],
    ['no group', { top: 0 }, 'The number of groups must be an integer from 1 to 100, not 0.'],
    ['101 groups', { top: 101 }, 'from 1 to 100, not 101.'],
    ['half a group', { top: 1.5 }, 'from 1 to 100, not 1.5.'],
    ['no number', { top: Number.NaN }, 'from 1 to 100, not NaN.'],
  ])('rejects %s', (_name, changes, message) => {
    expect(() => ranked(groups(changes))).toThrow(message);
  });
});

describe('buckets', () => {
  it.each<[string, Partial<BucketsQuestion>, string]>([
    ['an empty range', { to: FROM }, 'The start of the time range must be before its end.'],
    ['a reversed range', { to: FROM - 1 }, 'The start of the time range must be before its end.'],
    ['no time', { to: Number.NaN }, 'The start of the time range must be before its end.'],
    ['an unknown zone', { timeZone: 'Mars/Olympus' }, 'The time zone "Mars/Olympus" is unknown'],
    ['too many buckets', { to: FROM + 60 * DAY_MS }, 'use the interval DAY or a shorter range.'],
  ])('rejects %s', (_name, changes, message) => {
    expect(() => divided(null, buckets(changes))).toThrow(message);
  });

  it('are limited for all groups together', () => {
    const month = buckets({ to: FROM + 30 * DAY_MS });
    expect(divided(given(10), month).buckets!.ranges).toHaveLength(720);
    expect(() => divided(given(20), month)).toThrow('more than 500 buckets for each of 20 groups');
  });
});
