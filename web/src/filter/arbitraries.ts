import fc from 'fast-check';
import { STATUS_CLASSES } from '../fields/status-class.ts';
import type { Condition, ConditionValue } from './condition.ts';
import { isOrdered, OUTCOMES } from './field-value.ts';
import { isBefore } from './parse-token.ts';
import { SYNTAX_FIELDS, type SyntaxField } from './syntax-fields.ts';

const HOSTILE = fc.constantFrom(
  '',
  '"',
  '\\',
  '\\"',
  ',',
  ':',
  '-',
  '!',
  '>',
  '..',
  '~',
  '^',
  ' ',
  '\n',
  '\t',
  '\u0000',
  '\u202e',
  '\ud800',
  '\u00a0',
  '😀',
  'none',
  'NONE',
  'OR',
  'a',
  'req_',
  'status:404',
  '<script>',
  '\\n',
  '\\u0041',
  '5xx',
);

/** Texts that contain what the syntax gives a meaning to. */
export const hostileTexts = fc.oneof(
  fc.array(HOSTILE, { maxLength: 6 }).map((parts) => parts.join('')),
  fc.string({ unit: 'binary', maxLength: 12 }),
);

const times = fc
  .date({ min: new Date('0001-01-01'), max: new Date('9999-12-31'), noInvalidDate: true })
  .map((date) => date.toISOString().replace('.000Z', 'Z'));

/** Values of a field other than null. */
function valuesOf({ field, kind }: SyntaxField): fc.Arbitrary<string | number> {
  if (kind === 'time') return times;
  if (kind === 'statusClass') return fc.constantFrom(...STATUS_CLASSES);
  if (kind === 'outcome') return fc.constantFrom(...OUTCOMES);
  if (field === 'statusCode') return fc.integer({ min: 100, max: 599 });
  if (kind === 'safeInteger') return fc.maxSafeNat();
  if (kind !== 'text') return fc.nat();
  return field === 'method' ? hostileTexts.map((text) => text.toUpperCase()) : hostileTexts;
}

const conditionsOf = (field: SyntaxField): fc.Arbitrary<Condition> => {
  const value = valuesOf(field);
  const nullable = field.kind === 'outcome' ? value : fc.option(value, { freq: 4 });
  const make = (operator: Condition['operator'], values: fc.Arbitrary<readonly ConditionValue[]>) =>
    fc.record({
      field: fc.constant(field.field),
      operator: fc.constant(operator),
      isNegated: fc.boolean(),
      values,
    });
  const one = value.map((single) => [single]);
  if (field.field === 'search') return make('contains', one);
  const is = make('is', fc.array(nullable, { minLength: 1, maxLength: 4 }));
  if (field.kind === 'text') return fc.oneof(is, make('contains', one), make('startsWith', one));
  if (!isOrdered(field)) return is;
  const range = fc.tuple(value, value).map(([a, b]) => (isBefore(b, a) ? [b, a] : [a, b]));
  return fc.oneof(
    is,
    make('range', range),
    ...(['gt', 'gte', 'lt', 'lte'] as const).map((op) => make(op, one)),
  );
};

/** Any condition of the syntax. */
export const conditions = fc.oneof(...SYNTAX_FIELDS.map(conditionsOf));

/** Texts that look like conditions, valid or not. */
export const queries = fc
  .array(
    fc.oneof(
      hostileTexts,
      fc
        .tuple(
          fc.constantFrom('', '-', '!'),
          fc.constantFrom(
            ...SYNTAX_FIELDS.flatMap(({ name, field, aliases }) => [name, field, ...aliases]),
            'statsu',
            'http',
          ),
          fc.constantFrom('', '>', '>=', '<', '<=', '~', '^'),
          fc.array(
            fc.oneof(
              hostileTexts,
              fc.constantFrom('404', '5xx', '2s', '100..500', 'success', '2026-11-28', '"a b"'),
            ),
            {
              minLength: 1,
              maxLength: 3,
            },
          ),
        )
        .map(([sign, name, operator, values]) => `${sign}${name}:${operator}${values.join(',')}`),
    ),
    { maxLength: 5 },
  )
  .map((parts) => parts.join(' '));
