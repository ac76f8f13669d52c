import * as fc from 'fast-check';
import { Temporal } from 'temporal-polyfill';
import { describe, expect, it } from 'vitest';
import { expectedBounds } from '../../test/store/buckets-oracle.ts';
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../lib/time-units.ts';
import { bucketsOf, estimatedBuckets, INTERVAL_NAMES, type IntervalName } from './intervals.ts';
import { STATS_LIMITS } from './limits.ts';

/** Typical length; a bucket may be an hour or a few days longer or shorter. */
const LENGTH: Readonly<Record<IntervalName, number>> = {
  MINUTE: MINUTE_MS,
  FIVE_MINUTES: 5 * MINUTE_MS,
  FIFTEEN_MINUTES: 15 * MINUTE_MS,
  HOUR: HOUR_MS,
  DAY: DAY_MS,
  WEEK: 7 * DAY_MS,
  MONTH: 30 * DAY_MS,
};

/** The starts of the buckets, and the end of the last one. */
function bounds(from: number, to: number, interval: IntervalName, zone: string): number[] {
  const buckets = bucketsOf({ from, to }, interval, zone, 1);
  for (const [i, bucket] of buckets.entries()) expect(bucket.from).toBe(buckets[i - 1]?.to ?? bucket.from);
  return [...buckets.map((bucket) => bucket.from), buckets.at(-1)!.to];
}

/** The bounds of the buckets from and to local times, with the zone's offset of each. */
function shownBounds(from: string, to: string, interval: IntervalName, zone: string): string[] {
  return bounds(Date.parse(from), Date.parse(to), interval, zone).map((bound) =>
    Temporal.Instant.fromEpochMilliseconds(bound)
      .toZonedDateTimeISO(zone)
      .toString({ timeZoneName: 'never', smallestUnit: 'second' }),
  );
}

describe('days', () => {
  it('have 23 or 25 hours when clocks change', () => {
    expect(shownBounds('2026-03-28T12:00Z', '2026-03-29T21:00Z', 'DAY', 'Europe/Berlin')).toEqual([
      '2026-03-28T00:00:00+01:00',
      '2026-03-29T00:00:00+01:00',
      '2026-03-30T00:00:00+02:00',
    ]);
    expect(shownBounds('2026-10-25T12:00Z', '2026-10-25T12:01Z', 'DAY', 'Europe/Berlin')).toEqual([
      '2026-10-25T00:00:00+02:00',
      '2026-10-26T00:00:00+01:00',
    ]);
  });

  it('begin at 01:00 when midnight is skipped', () => {
    expect(shownBounds('2018-11-03T12:00Z', '2018-11-04T12:00Z', 'DAY', 'America/Sao_Paulo')).toEqual([
      '2018-11-03T00:00:00-03:00',
      '2018-11-04T01:00:00-02:00',
      '2018-11-05T00:00:00-02:00',
    ]);
  });

  it('begin at the first of two midnights', () => {
    expect(shownBounds('2026-11-01T12:00Z', '2026-11-01T13:00Z', 'DAY', 'America/Havana')).toEqual([
      '2026-11-01T00:00:00-04:00',
      '2026-11-02T00:00:00-05:00',
    ]);
    // At 00:01 the clock was set back to 23:01 of the day before.
    expect(shownBounds('2006-10-29T03:00Z', '2006-10-29T03:01Z', 'DAY', 'America/St_Johns')).toEqual([
      '2006-10-29T00:00:00-02:30',
      '2006-10-30T00:00:00-03:30',
    ]);
  });

  it('leave out a date that the zone skipped', () => {
    expect(shownBounds('2011-12-29T12:00Z', '2011-12-31T12:00Z', 'DAY', 'Pacific/Apia')).toEqual([
      '2011-12-29T00:00:00-10:00',
      '2011-12-31T00:00:00+14:00',
      '2012-01-01T00:00:00+14:00',
      '2012-01-02T00:00:00+14:00',
    ]);
  });

  it('follow offsets of half hours, three quarters and seconds', () => {
    expect(shownBounds('2026-01-01T20:00Z', '2026-01-01T20:01Z', 'DAY', 'Asia/Kolkata')[0]).toBe(
      '2026-01-02T00:00:00+05:30',
    );
    expect(shownBounds('2026-01-01T20:00Z', '2026-01-01T20:01Z', 'DAY', 'Asia/Kathmandu')[0]).toBe(
      '2026-01-02T00:00:00+05:45',
    );
    const [start] = bounds(Date.UTC(1971, 5, 1), Date.UTC(1971, 5, 1, 12), 'DAY', 'Africa/Monrovia');
    expect(new Date(start!).toISOString()).toBe('1971-05-31T00:44:30.000Z');
  });
});

describe('weeks and months', () => {
  it('weeks begin on Monday', () => {
    expect(shownBounds('2026-11-26T00:00Z', '2026-11-30T01:00Z', 'WEEK', 'UTC')).toEqual([
      '2026-11-23T00:00:00+00:00',
      '2026-11-30T00:00:00+00:00',
      '2026-12-07T00:00:00+00:00',
    ]);
  });

  it('months begin on the first day in the zone', () => {
    expect(shownBounds('2024-02-29T23:30Z', '2024-03-01T10:00Z', 'MONTH', 'Europe/Berlin')).toEqual([
      '2024-03-01T00:00:00+01:00',
      '2024-04-01T00:00:00+02:00',
    ]);
  });
});

describe('hours', () => {
  it('begin at full hours of the zone', () => {
    expect(shownBounds('2026-01-01T12:00Z', '2026-01-01T13:00Z', 'HOUR', 'Asia/Kathmandu')).toEqual([
      '2026-01-01T17:00:00+05:45',
      '2026-01-01T18:00:00+05:45',
      '2026-01-01T19:00:00+05:45',
    ]);
  });

  it('occur twice when clocks are set back, and end when they are set back by half an hour', () => {
    expect(shownBounds('2026-10-25T00:00Z', '2026-10-25T02:00Z', 'HOUR', 'Europe/Berlin')).toEqual([
      '2026-10-25T02:00:00+02:00',
      '2026-10-25T02:00:00+01:00',
      '2026-10-25T03:00:00+01:00',
    ]);
    expect(shownBounds('2026-04-04T14:30Z', '2026-04-04T16:00Z', 'HOUR', 'Australia/Lord_Howe')).toEqual([
      '2026-04-05T01:00:00+11:00',
      '2026-04-05T01:30:00+10:30',
      '2026-04-05T02:00:00+10:30',
      '2026-04-05T03:00:00+10:30',
    ]);
    // From the change itself.
    expect(shownBounds('2026-04-04T15:00Z', '2026-04-04T15:30Z', 'HOUR', 'Australia/Lord_Howe')).toEqual([
      '2026-04-05T01:30:00+10:30',
      '2026-04-05T02:00:00+10:30',
    ]);
  });
});

describe('a range', () => {
  it('is extended to whole buckets; its end is exclusive', () => {
    const at = (minute: number) => Date.UTC(2026, 0, 1, 0, minute);
    expect(bounds(at(5), at(10), 'FIVE_MINUTES', 'UTC')).toEqual([at(5), at(10)]);
    expect(bounds(at(5), at(10) + 1, 'FIVE_MINUTES', 'UTC')).toEqual([at(5), at(10), at(15)]);
    expect(bounds(at(5) - 1, at(10), 'FIVE_MINUTES', 'UTC')).toEqual([at(0), at(5), at(10)]);
    expect(bounds(at(5) - 0.5, at(10) + 0.5, 'FIVE_MINUTES', 'UTC')).toEqual([at(0), at(5), at(10), at(15)]);
  });

  it('before 1970 and up to the year 9999 is divided', () => {
    expect(shownBounds('0001-01-01T00:00:01Z', '0001-01-01T00:00:02Z', 'HOUR', 'UTC')[0]).toBe(
      '0001-01-01T00:00:00+00:00',
    );
    expect(shownBounds('9999-12-31T23:00Z', '9999-12-31T23:59:59.999Z', 'MONTH', 'Asia/Tokyo')).toEqual([
      '+010000-01-01T00:00:00+09:00',
      '+010000-02-01T00:00:00+09:00',
    ]);
  });
});

describe('too many buckets', () => {
  const from = Date.UTC(2026, 0, 1);

  it('1,000 are accepted, one more is not', () => {
    expect(bucketsOf({ from, to: from + 1_000 * HOUR_MS }, 'HOUR', 'UTC', 1)).toHaveLength(1_000);
    expect(() => bucketsOf({ from, to: from + 1_000 * HOUR_MS + 1 }, 'HOUR', 'UTC', 1)).toThrow(
      'From 2026-01-01T00:00:00Z to 2026-02-11T16:00:00.001Z, the interval HOUR makes more than 1000 buckets: ' +
        'use the interval DAY or a shorter range.',
    );
  });

  it.each<[IntervalName, number, string]>([
    ['MINUTE', 3, 'FIVE_MINUTES'],
    ['MINUTE', 10, 'FIFTEEN_MINUTES'],
    ['MINUTE', 30, 'HOUR'],
    ['FIVE_MINUTES', 365, 'DAY'],
    ['DAY', 3_650, 'WEEK'],
    ['WEEK', 20_000, 'MONTH'],
  ])('%s over %i days: the error names %s', (interval, days, fitting) => {
    const range = { from, to: from + days * DAY_MS };
    expect(() => bucketsOf(range, interval, 'Europe/Berlin', 1)).toThrow(`use the interval ${fitting} or`);
    expect(bucketsOf(range, fitting as IntervalName, 'Europe/Berlin', 1).length).toBeLessThanOrEqual(1_000);
  });

  it('names no interval if none fits', () => {
    const range = { from, to: from + 40_000 * DAY_MS };
    expect(() => bucketsOf(range, 'DAY', 'UTC', 1)).toThrow(
      'makes more than 1000 buckets: use a shorter range.',
    );
  });

  it('10,000 buckets of all groups are accepted', () => {
    expect(bucketsOf({ from, to: from + 100 * HOUR_MS }, 'HOUR', 'UTC', 100)).toHaveLength(100);
    expect(() => bucketsOf({ from, to: from + 101 * HOUR_MS }, 'HOUR', 'UTC', 100)).toThrow(
      'makes more than 100 buckets for each of 100 groups: use the interval DAY or a shorter range.',
    );
  });
});

const NOTABLE = [
  'UTC',
  'Europe/Berlin',
  'America/Sao_Paulo',
  'America/Havana',
  'America/St_Johns',
  'Australia/Lord_Howe',
  'Asia/Kathmandu',
  'Asia/Tehran',
  'Africa/Casablanca',
  'Antarctica/Troll',
  'Pacific/Apia',
  'Pacific/Chatham',
];
const anyZone = fc.oneof(fc.constantFrom(...NOTABLE), fc.constantFrom(...Intl.supportedValuesOf('timeZone')));
const anyInterval = fc.constantFrom(...INTERVAL_NAMES);
/** Changes of clocks of the zone's history, and other times, from 1973 to 2037. */
const anyTime = (zone: string) =>
  fc
    .tuple(fc.integer({ min: Date.UTC(1973, 0), max: Date.UTC(2037, 0) }), fc.boolean())
    .map(([time, atChange]) => {
      const change = Temporal.Instant.fromEpochMilliseconds(time)
        .toZonedDateTimeISO(zone)
        .getTimeZoneTransition('next');
      return atChange && change !== null ? change.epochMilliseconds : time;
    });
const anyCase = fc.record({ zone: anyZone, interval: anyInterval }).chain(({ zone, interval }) =>
  fc.record({
    zone: fc.constant(zone),
    interval: fc.constant(interval),
    from: fc
      .tuple(anyTime(zone), fc.double({ min: -3, max: 1, noNaN: true }))
      .map(([time, offset]) => Math.floor(time + offset * LENGTH[interval])),
    length: fc
      .double({ min: 0, max: 8, noNaN: true })
      .map((count) => 1 + Math.floor(count * LENGTH[interval])),
  }),
);

it('buckets are those of the oracle, in every zone', () => {
  fc.assert(
    fc.property(anyCase, ({ zone, interval, from, length }) => {
      const expected = expectedBounds(from, from + length, interval, zone);
      expect(bounds(from, from + length, interval, zone)).toEqual(expected);
    }),
    { numRuns: 200 },
  );
});

it('a bucket is the same whatever range it is in', () => {
  fc.assert(
    fc.property(
      anyCase,
      fc.double({ min: 0, max: 1, noNaN: true }),
      ({ zone, interval, from, length }, part) => {
        for (const { from: start, to: end } of bucketsOf({ from, to: from + length }, interval, zone, 1)) {
          const within = start + Math.floor(part * (end - start - 1));
          expect(bounds(within, within + 1, interval, zone)).toEqual([start, end]);
        }
      },
    ),
    { numRuns: 400 },
  );
});

describe('the estimated number', () => {
  it.each(INTERVAL_NAMES)('of %s is at most a tenth off', (interval) => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 900 }), fc.nat({ max: DAY_MS }), (count, offset) => {
        const from = Date.UTC(2026, 0, 1) + offset;
        const range = { from, to: from + count * LENGTH[interval] };
        const { length } = bucketsOf(range, interval, 'Europe/Berlin', 1);
        const estimated = estimatedBuckets(range, interval);
        expect(estimated).toBeGreaterThanOrEqual(length - 2);
        expect(estimated).toBeLessThanOrEqual(length * 1.1 + 2);
      }),
    );
  });

  it('is 0 for an empty range and bounded for an endless one', () => {
    expect(estimatedBuckets({ from: 5, to: 5 }, 'DAY')).toBe(0);
    expect(estimatedBuckets({ from: 5, to: Number.NaN }, 'DAY')).toBe(0);
    expect(estimatedBuckets({ from: 0, to: 2 ** 48 }, 'MINUTE')).toBe(STATS_LIMITS.buckets + 1);
  });
});
