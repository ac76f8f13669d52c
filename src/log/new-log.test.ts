import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { trials } from '../../test/support/trials.ts';
import { newLogSchema, validateNewLog } from './new-log.ts';

const NOW = Date.UTC(2026, 0, 1);

/** Values that a field may have or not: of its type, near its limits, or of another type. */
const anyValue = fc.oneof(
  fc.constantFrom(undefined, null, '', 'GET', 'get', 'req_', '/v1/things', 'a\0b', '\ud800', '0'.repeat(32)),
  fc.constantFrom(-1, 0, 1, 99, 100, 200, 599, 600, 1.5, Number.NaN, 2 ** 31 - 1, 2 ** 31, 2 ** 53),
  fc.constantFrom('2026-01-01T00:00:00Z', '2026-01-01', 'yesterday', 'x'.repeat(1_024), 'x'.repeat(8_193)),
  fc.dictionary(fc.string(), fc.oneof(fc.string(), fc.array(fc.string())), { maxKeys: 3 }),
  fc.jsonValue(),
);
const valid = { createdAt: NOW, requestId: 'r1', method: 'GET', path: '/v1/things', statusCode: 200 };
const anyKey = fc.oneof(
  { weight: 9, arbitrary: fc.constantFrom(...Object.keys(newLogSchema.shape)) },
  fc.constantFrom('unknown', '__proto__', 'constructor'),
);
const anyInput = fc.oneof(
  { weight: 9, arbitrary: fc.array(fc.tuple(anyKey, anyValue), { maxLength: 4 }) },
  fc.jsonValue(),
);

it('accepts and returns exactly what its schema does', () => {
  let accepted = 0;
  let checked = 0;
  fc.assert(
    fc.property(anyInput, (changes) => {
      const input = Array.isArray(changes) ? { ...valid, ...entries(changes) } : changes;
      const expected = newLogSchema.safeParse(input);
      const actual = validateNewLog(input, NOW);
      expect(actual.ok).toBe(expected.success);
      if (actual.ok) expect(actual.log).toEqual(expected.data);
      checked += 1;
      if (actual.ok) accepted += 1;
    }),
    { numRuns: trials(2_000, 100_000) },
  );
  expect(accepted).toBeGreaterThan(checked / 10);
  expect(accepted).toBeLessThan(checked);
});

function entries(changes: readonly unknown[]): object {
  return Object.fromEntries(changes.filter((change): change is [string, unknown] => Array.isArray(change)));
}
