import fc from 'fast-check';
import { expect, test } from 'vitest';
import { fieldState, hasField, withoutField, withoutValue } from '../facets/field-conditions.ts';
import { withoutConditions } from '../groups/group-filter.ts';
import { periodBefore } from '../histogram/period-before.ts';
import { zoomOut } from '../histogram/zoom.ts';
import { parseColumns, serializeColumns } from '../table/column-choice.ts';
import { intervalOf } from '../time/time-range.ts';
import { PARAMETERS } from './url-state.ts';

const NOW = Date.parse('2026-11-28T14:05:07Z');

/** Times as people and programs write them, and some that are none. */
const times = fc.oneof(
  fc.date({ noInvalidDate: true }).map((date) => date.toISOString()),
  fc.constantFrom('2026-11-28', '2026-11-28T14:05', '0000-01-01', '9999-12-31T23:59:59.999Z', '2026-02-30'),
  fc.constantFrom('-271821-04-20T00:00:00.000Z', '+275760-09-13T00:00:00.000Z', '0000-01-01T00:00+23:59'),
  fc.constantFrom('a1', '1', 'Sat Nov 28', 'NaN', ''),
);
const names = fc.constantFrom('and', 'or', 'not', 'in', 'notIn', 'eq', 'statusCode', 'search', '__proto__');
const { json } = fc.letrec((tie) => ({
  json: fc.oneof(
    { maxDepth: 5 },
    fc.constantFrom(null, 5, 'x', true, 1e308),
    fc.array(tie('json'), { maxLength: 3 }),
    fc.array(fc.tuple(names, tie('json')), { maxLength: 3 }).map((parts) => Object.fromEntries(parts)),
  ),
}));
const texts = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.constantFrom('logs', '1h', '90d', 'UTC', '+01:00', 'europe/berlin', '-duration_ms', '--', 'constructor'),
  fc.constantFrom('true', 'toString', 'path,path', ',', 'null', '[]', '{}', '{'),
  fc.array(times, { maxLength: 3 }).map((parts) => parts.join('/')),
  json.map((value) => JSON.stringify(value)),
);

test.each(Object.keys(PARAMETERS) as (keyof typeof PARAMETERS)[])(
  'the parameter %s takes any text, and what it reads can be written',
  (name) => {
    const parameter = PARAMETERS[name] as { parse(text: string): unknown; serialize(value: unknown): string };
    fc.assert(
      fc.property(texts, (text) => {
        const value = parameter.parse(text);
        if (value === null) return;
        expect(parameter.parse(parameter.serialize(value))).toEqual(value);
      }),
      { numRuns: 1_000 },
    );
  },
);

test('a range of a link, zoomed out and compared without end, stays one that can be sent', () => {
  fc.assert(
    fc.property(times, times, (from, to) => {
      const range = PARAMETERS.range.parse(`${from}/${to}`);
      if (range === null) return;
      let interval = intervalOf(range, NOW);
      for (let step = 0; step < 60; step++) {
        const next = zoomOut(interval, NOW);
        expect(next.from).toBeLessThan(next.to);
        const sent = [next, periodBefore(next)].flatMap((one) => [one.from, one.to]);
        expect(sent.map((time) => new Date(time).toISOString())).not.toContain(
          expect.stringMatching(/^[-+]/),
        );
        interval = next;
      }
    }),
  );
});

test('columns of a link are columns', () => {
  fc.assert(
    fc.property(texts, (text) => {
      const columns = parseColumns(text);
      expect(columns.length).toBeGreaterThan(0);
      expect(parseColumns(serializeColumns(columns))).toEqual(columns);
    }),
  );
});

test('a filter of a link can have any shape', () => {
  fc.assert(
    fc.property(json, (value) => {
      const filter = PARAMETERS.filter.parse(JSON.stringify(value));
      if (filter === null) return;
      fieldState(filter, 'statusCode');
      hasField(filter, 'statusCode');
      withoutField(filter, 'statusCode');
      withoutValue(filter, 'statusCode', '5');
      withoutConditions(filter, [{ statusCode: { eq: 5 } }]);
    }),
    { numRuns: 2_000 },
  );
});
