import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatRange } from './format.ts';
import { findZones, isZone, localTimeOf, momentsOf } from './zone.ts';

const isoOf = (local: string, zone: string) =>
  momentsOf(local, zone).map((time) => new Date(time).toISOString());

describe('momentsOf', () => {
  it.each<[string, string, string[]]>([
    ['2026-11-28T14:05', 'UTC', ['2026-11-28T14:05:00.000Z']],
    ['2026-11-28T14:05', 'Asia/Kolkata', ['2026-11-28T08:35:00.000Z']],
    ['2026-11-28T14:05', 'Europe/Berlin', ['2026-11-28T13:05:00.000Z']],
    ['2026-07-01T00:00', 'Europe/Berlin', ['2026-06-30T22:00:00.000Z']],
    // The clocks go from 02:00 to 03:00.
    ['2026-03-29T01:59', 'Europe/Berlin', ['2026-03-29T00:59:00.000Z']],
    ['2026-03-29T02:00', 'Europe/Berlin', []],
    ['2026-03-29T02:59', 'Europe/Berlin', []],
    ['2026-03-29T03:00', 'Europe/Berlin', ['2026-03-29T01:00:00.000Z']],
    ['2026-03-08T02:30', 'America/New_York', []],
    ['2026-03-08T03:00', 'America/New_York', ['2026-03-08T07:00:00.000Z']],
    // The clocks go from 03:00 back to 02:00.
    ['2026-10-25T02:30', 'Europe/Berlin', ['2026-10-25T00:30:00.000Z', '2026-10-25T01:30:00.000Z']],
    ['2026-10-25T03:00', 'Europe/Berlin', ['2026-10-25T02:00:00.000Z']],
    ['2026-11-01T01:30', 'America/New_York', ['2026-11-01T05:30:00.000Z', '2026-11-01T06:30:00.000Z']],
    ['2026-11-01T00:59', 'America/New_York', ['2026-11-01T04:59:00.000Z']],
    // Half an hour.
    ['2026-04-05T01:45', 'Australia/Lord_Howe', ['2026-04-04T14:45:00.000Z', '2026-04-04T15:15:00.000Z']],
    ['', 'UTC', []],
    ['2026-13-01T00:00', 'UTC', []],
  ])('of %s in %s', (local, zone, moments) => {
    expect(isoOf(local, zone)).toEqual(moments);
  });

  const zones = fc.constantFrom(
    'Europe/Berlin',
    'America/New_York',
    'Asia/Kolkata',
    'Australia/Lord_Howe',
    'UTC',
    'Pacific/Kiritimati',
  );
  const minutes = fc
    .date({ min: new Date('1990-01-01'), max: new Date('2060-01-01'), noInvalidDate: true })
    .map((date) => Math.floor(date.getTime() / 60_000) * 60_000);

  it('contains each moment that the clock shows', () => {
    fc.assert(
      fc.property(zones, minutes, (zone, time) => {
        const moments = momentsOf(localTimeOf(time, zone), zone);
        expect(moments).toContain(time);
        for (const moment of moments) expect(localTimeOf(moment, zone)).toBe(localTimeOf(time, zone));
      }),
      { numRuns: 300 },
    );
  });

  it('is right in each hour around the changes of the clocks', () => {
    for (const [zone, day] of [
      ['Europe/Berlin', '2026-03-29'],
      ['Europe/Berlin', '2026-10-25'],
      ['America/New_York', '2026-11-01'],
    ] as const) {
      const start = Date.parse(`${day}T00:00Z`) - 86_400_000;
      for (let time = start; time < start + 3 * 86_400_000; time += 900_000)
        expect(momentsOf(localTimeOf(time, zone), zone)).toContain(time);
    }
  });
});

describe('zones', () => {
  it('are found by a part of their names', () => {
    expect(findZones('berlin', 5)).toEqual(['Europe/Berlin']);
    expect(findZones('new york', 5)).toEqual(['America/New_York']);
    expect(findZones('zone that is not', 5)).toEqual([]);
  });

  it('are checked', () => {
    expect(['UTC', 'Europe/Berlin', 'Mars/Olympus', ''].map(isZone)).toEqual([true, true, false, false]);
  });
});

describe('formatRange', () => {
  const at = (time: string) => Date.parse(time);
  const now = at('2026-11-28T20:00Z');

  it.each([
    ['2026-11-28T14:05Z', '2026-11-28T15:10Z', 'UTC', '28 Nov 14:05 – 15:10'],
    ['2026-11-28T14:05Z', '2026-11-28T15:10:30Z', 'UTC', '28 Nov 14:05:00 – 15:10:30'],
    ['2026-11-28T14:05Z', '2026-11-28T15:10Z', 'Asia/Kolkata', '28 Nov 19:35 – 20:40'],
    ['2026-11-27T14:05Z', '2026-11-28T15:10Z', 'UTC', '27 Nov 14:05 – 28 Nov 15:10'],
    ['2025-12-31T23:00Z', '2026-01-01T01:00Z', 'UTC', '31 Dec 2025 23:00 – 1 Jan 2026 01:00'],
  ])('of %s to %s in %s', (from, to, zone, text) => {
    expect(formatRange(at(from), at(to), zone, now)).toBe(text);
  });
});
