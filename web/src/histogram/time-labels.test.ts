import { expect, test } from 'vitest';
import { axisLabels, bucketFormat } from './time-labels.ts';

const HOUR = 3_600_000;
const start = Date.parse('2026-11-28T22:00:00Z');

test('an axis shows times of the zone, and the date at midnight', () => {
  const times = [0, 1, 2].map((hour) => start + hour * HOUR);
  expect(axisLabels(times, HOUR, 'UTC')).toEqual(['22:00', '23:00', '29 Nov']);
  expect(axisLabels(times, HOUR, 'Europe/Berlin')).toEqual(['23:00', '29 Nov', '01:00']);
});

test('an axis has no label between two minutes', () => {
  expect(axisLabels([start, start + 30_000, start + 60_000], 30_000, 'UTC')).toEqual(['22:00', '', '22:01']);
});

test('a bucket of hours names its times, and one of days its first and last day', () => {
  expect(bucketFormat('HOUR', 'UTC')(start, start + HOUR)).toMatch(/^Sat,? 28 Nov, 22:00\s?–\s?23:00$/);
  const day = Date.parse('2026-11-28T00:00:00Z');
  expect(bucketFormat('DAY', 'UTC')(day, day + 24 * HOUR)).toMatch(/^Sat,? 28 Nov$/);
  expect(bucketFormat('WEEK', 'UTC')(day, day + 168 * HOUR)).toMatch(/^Sat,? 28 Nov\s?–\s?Fri,? 4 Dec$/);
});
