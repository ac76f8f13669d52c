import { expect, it } from 'vitest';
import { DAY_MS } from '../lib/time-units.ts';
import { parseExpiry } from './expiry.ts';

const NOW = Date.UTC(2026, 0, 1);

it.each([
  ['12h', NOW + 12 * 3_600_000],
  ['90d', NOW + 90 * DAY_MS],
  ['2026-01-02', NOW + DAY_MS],
  ['2026-01-01T00:00:01+00:00', NOW + 1000],
])('%s', (text, expected) => {
  expect(parseExpiry(text, NOW)).toBe(expected);
});

it.each(['', '0d', '-1d', '1w', 'soon', '2026-02-30', '1000000d'])('rejects %j', (text) => {
  expect(() => parseExpiry(text, NOW)).toThrow('is not a valid time');
});

it.each(['2026-01-01', '2025-12-31T23:59:59Z'])('rejects %s, which is in the past', (text) => {
  expect(() => parseExpiry(text, NOW)).toThrow('is in the past');
});
