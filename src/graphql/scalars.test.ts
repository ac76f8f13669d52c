import * as fc from 'fast-check';
import { parseValue } from 'graphql';
import { describe, expect, it } from 'vitest';
import { dateTimeScalar, safeIntScalar } from './scalars.ts';

const literal = <T>(scalar: { coerceInputLiteral?: unknown }, text: string) =>
  (scalar.coerceInputLiteral as (node: unknown) => T)(parseValue(text));

describe('DateTime', () => {
  it('reads what it writes, as a literal and as a variable', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: Date.UTC(9999, 11, 31) }), (ms) => {
        const text = dateTimeScalar.coerceOutputValue(ms)!;
        expect(text).toBe(new Date(ms).toISOString());
        expect(dateTimeScalar.coerceInputValue(text)).toEqual(new Date(ms));
        expect(literal(dateTimeScalar, JSON.stringify(text))).toEqual(new Date(ms));
      }),
    );
  });

  it('takes offsets, fractions and lower case', () => {
    const time = (text: string) => dateTimeScalar.coerceInputValue(text)!.toISOString();
    expect(time('2026-01-01T01:30:00+01:30')).toBe('2026-01-01T00:00:00.000Z');
    expect(time('2026-01-01t00:00:00.1239z')).toBe('2026-01-01T00:00:00.123Z');
  });

  it.each([0, null, true, '', 'yesterday', '2026-01-01', '2026-01-01T00:00:00', '2026-02-30T00:00:00Z', {}])(
    'rejects %j and says what it takes',
    (value) => {
      expect(() => dateTimeScalar.coerceInputValue(value)).toThrow(
        `DateTime cannot represent ${JSON.stringify(value)}: send an RFC 3339 date-time`,
      );
    },
  );

  it('rejects a literal of another kind', () => {
    expect(() => literal(dateTimeScalar, '2026')).toThrow(
      'DateTime cannot represent 2026: send an RFC 3339 date-time',
    );
  });
});

describe('SafeInt', () => {
  it('takes and returns safe integers', () => {
    fc.assert(
      fc.property(fc.maxSafeInteger(), (value) => {
        expect(safeIntScalar.coerceInputValue(value)).toBe(value);
        expect(safeIntScalar.coerceOutputValue(value)).toBe(value);
        expect(literal(safeIntScalar, String(value))).toBe(value);
      }),
    );
  });

  it.each([1.5, 2 ** 53, '1', true, null])('rejects %j', (value) => {
    expect(() => safeIntScalar.coerceInputValue(value)).toThrow(
      `SafeInt cannot represent ${JSON.stringify(value)}`,
    );
  });

  it.each(['1.0', '"1"', '9007199254740992'])('rejects the literal %s', (text) => {
    expect(() => literal(safeIntScalar, text)).toThrow(
      `SafeInt cannot represent ${text}: it must be an integer`,
    );
  });
});
