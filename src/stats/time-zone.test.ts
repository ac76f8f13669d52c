import { expect, it } from 'vitest';
import { timeZoneOf } from './time-zone.ts';

it.each([
  ['UTC', 'UTC'],
  ['Europe/Berlin', 'Europe/Berlin'],
  ['europe/BERLIN', 'Europe/Berlin'],
  ['America/Argentina/Buenos_Aires', 'America/Argentina/Buenos_Aires'],
  ['Etc/GMT+5', 'Etc/GMT+5'],
  // Older names stay as they are given.
  ['Asia/Calcutta', 'Asia/Calcutta'],
])('accepts %s', (text, name) => {
  expect(timeZoneOf(text)).toBe(name);
});

it.each([
  '',
  'Berlin',
  'Europe/Berlin ',
  'Europe/Berlin\0',
  '+02:00',
  '-0530',
  'Z',
  '2026-01-01T00:00Z',
  '2026-01-01T00:00[Europe/Berlin]',
  'Europe/Berlín',
  '../../etc/passwd',
  '__proto__',
])('rejects %j', (text) => {
  expect(() => timeZoneOf(text)).toThrow(
    `The time zone ${JSON.stringify(text)} is unknown: use an IANA name, such as "Europe/Berlin" or "UTC".`,
  );
});

it('shows the beginning of a long text', () => {
  expect(() => timeZoneOf('x'.repeat(10_000))).toThrow(`"${'x'.repeat(64)}…" is unknown`);
});

it('accepts every name that the runtime lists', () => {
  for (const name of Intl.supportedValuesOf('timeZone')) expect(timeZoneOf(name.toLowerCase())).toBe(name);
});
