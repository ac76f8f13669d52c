import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  formatRfc3339,
  isoTime,
  parseDate,
  parseEndOfDate,
  parseIso8601,
  parseRfc3339,
} from './date-time.ts';

const noon = Date.UTC(2026, 3, 18, 12);

describe('times', () => {
  it.each([
    ['2026-04-18T12:00:00Z', noon],
    ['2026-04-18t12:00:00z', noon],
    ['2026-04-18T14:30:00+02:30', noon],
    ['2026-04-18T12:00:00.5Z', noon + 500],
    ['2026-04-18T12:00:00.001Z', noon + 1],
    ['2024-02-29T00:00:00Z', Date.UTC(2024, 1, 29)],
    ['1970-01-01T00:00:00Z', 0],
    ['2026-04-18T12:00:00', null],
    ['2026-04-18T12:00Z', null],
    ['2026-04-18', null],
    ['2026-02-29T00:00:00Z', null],
    ['2026-13-01T00:00:00Z', null],
    ['2026-04-18T24:00:00Z', null],
    ['2026-04-18T12:60:00Z', null],
    ['2026-04-18T12:00:60Z', noon + 60_000],
    ['2026-04-18T12:00:61Z', null],
    ['2026-04-18T12:00:00+24:00', null],
    ['2026-04-18T12:00:00+0200', null],
    ['2026-04-18 12:00:00Z', null],
    [' 2026-04-18T12:00:00Z', null],
    ['+002026-04-18T12:00:00Z', null],
    ['', null],
  ])('RFC 3339: %j', (text, ms) => {
    expect(parseRfc3339(text)).toBe(ms);
  });

  it.each([
    ['2026-04-18T12:00:00', noon],
    ['2026-04-18T12:00', noon],
    ['2026-04-18T12:00Z', noon],
    ['2026-04-18T14:00:00+0200', noon],
    ['2026-04-18T14:00:00+02', noon],
    ['2026-04-18T12', null],
    ['20260418T120000Z', null],
    ['2026-04-18', null],
  ])('ISO 8601: %j', (text, ms) => {
    expect(parseIso8601(text)).toBe(ms);
  });

  it('parses a time between two milliseconds as a value between them', () => {
    expect(parseRfc3339('2026-04-18T12:00:00.0010001Z')).toBe(noon + 1.5);
    expect(parseRfc3339('2026-04-18T12:00:00.0010000Z')).toBe(noon + 1);
  });

  it('parses the start and end of a day', () => {
    expect(parseDate('2026-04-18')).toBe(Date.UTC(2026, 3, 18));
    expect(parseEndOfDate('2026-04-18')).toBe(Date.UTC(2026, 3, 19) - 1);
    expect([parseDate('2026-02-30'), parseDate('2026-4-18'), parseEndOfDate('x')]).toEqual([
      null,
      null,
      null,
    ]);
  });

  it('formats times that parse back to the same value, with a fraction only if it is not zero', () => {
    expect([formatRfc3339(noon), formatRfc3339(noon + 20)]).toEqual([
      '2026-04-18T12:00:00Z',
      '2026-04-18T12:00:00.020Z',
    ]);
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 253_402_300_799_999 }),
        (ms) => parseRfc3339(formatRfc3339(ms)) === ms,
      ),
    );
  });

  it('formats times of any year as Date.prototype.toISOString does', () => {
    const [first, last] = [Date.UTC(0, 0) - 2e12, Date.UTC(9999, 11) + 1e12];
    fc.assert(
      fc.property(fc.array(fc.integer({ min: first, max: last })), (times) => {
        for (const ms of [...times, -62_167_219_200_000, -62_167_219_200_001, 253_402_300_800_000]) {
          const text = new Date(ms).toISOString();
          expect([isoTime(ms), formatRfc3339(ms)]).toEqual([text, text.replace('.000Z', 'Z')]);
        }
      }),
    );
  });
});
