import { isStorable } from '../lib/text.ts';
import { fieldOf, type LogField, type NumberField, type TextField } from '../log/fields.ts';
import type { FieldValue, Filter, RangeOperator } from '../log/filter.ts';

type Value = string | number;

/**
 * A normalized filter over stored rows: a null sort key is replaced by its sentinel number (`nullSortKey`), negations are pushed
 * down to the leaves, and constant parts are simplified. Stores translate conditions; they never read `Filter` itself.
 *
 * Logic is two-valued, unlike in SQL: `ne`, `notIn` and a negated text match are true for null.
 */
export type Condition =
  | { readonly op: 'true' | 'false' }
  | { readonly op: 'and' | 'or'; readonly parts: readonly Condition[] }
  | { readonly op: 'isNull' | 'notNull'; readonly field: LogField }
  | { readonly op: 'eq' | 'ne'; readonly field: LogField; readonly value: Value }
  | { readonly op: 'in' | 'notIn'; readonly field: LogField; readonly values: readonly Value[] }
  | { readonly op: RangeOperator; readonly field: NumberField; readonly value: number }
  | {
      readonly op: 'contains' | 'startsWith';
      readonly field: TextField;
      readonly value: string;
      readonly negated: boolean;
    };

const TRUE: Condition = { op: 'true' };
const FALSE: Condition = { op: 'false' };

export function toCondition(filter: Filter): Condition {
  switch (filter.op) {
    case 'and':
      return both(filter.filters.map(toCondition));
    case 'or':
      return either(filter.filters.map(toCondition));
    case 'not':
      return negate(toCondition(filter.filter));
    case 'eq':
      return oneOf(filter.field, [filter.value]);
    case 'ne':
      return negate(oneOf(filter.field, [filter.value]));
    case 'in':
      return oneOf(filter.field, filter.values);
    case 'notIn':
      return negate(oneOf(filter.field, filter.values));
    case 'contains':
    case 'startsWith':
      return isStorable(filter.value)
        ? { op: filter.op, field: filter.field, value: filter.value, negated: false }
        : FALSE;
    default:
      return range(filter.op, filter.field, filter.value);
  }
}

/** The conjunction of these conditions, simplified. */
export function both(parts: readonly Condition[]): Condition {
  const flat = parts.flatMap((part) => (part.op === 'and' ? part.parts : part.op === 'true' ? [] : [part]));
  if (flat.some((part) => part.op === 'false')) return FALSE;
  return flat.length === 0 ? TRUE : flat.length === 1 ? flat[0]! : { op: 'and', parts: flat };
}

/** The disjunction of these conditions, simplified. */
function either(parts: readonly Condition[]): Condition {
  const flat = parts.flatMap((part) => (part.op === 'or' ? part.parts : part.op === 'false' ? [] : [part]));
  if (flat.some((part) => part.op === 'true')) return TRUE;
  return flat.length === 0 ? FALSE : flat.length === 1 ? flat[0]! : { op: 'or', parts: flat };
}

function oneOf(field: LogField, values: readonly FieldValue[]): Condition {
  const storable = [...new Set(values)].filter(
    (value) =>
      value !== null && (typeof value === 'number' ? !isBelowRange(field, value) : isStorable(value)),
  ) as Value[];
  if (values.includes(null)) {
    const { nullSortKey } = fieldOf(field);
    if (nullSortKey === undefined) return either([{ op: 'isNull', field }, member(field, storable)]);
    storable.push(nullSortKey);
  }
  return member(field, storable);
}

function member(field: LogField, values: readonly Value[]): Condition {
  if (values.length === 0) return FALSE;
  return values.length === 1 ? { op: 'eq', field, value: values[0]! } : { op: 'in', field, values };
}

/** Returns whether a number is at or below the sentinel for null, so no log can have it as its value. */
function isBelowRange(field: LogField, value: number): boolean {
  const { nullSortKey } = fieldOf(field);
  return nullSortKey !== undefined && value <= nullSortKey;
}

function range(op: RangeOperator, field: NumberField, value: number): Condition {
  const { nullSortKey } = fieldOf(field);
  if (nullSortKey === undefined) return { op, field, value };
  const notNull: Condition = { op: 'gt', field, value: nullSortKey };
  if (op === 'lt' || op === 'lte')
    return value <= nullSortKey ? FALSE : both([notNull, { op, field, value }]);
  return value <= nullSortKey ? notNull : { op, field, value };
}

const OPPOSITE = {
  eq: 'ne',
  ne: 'eq',
  in: 'notIn',
  notIn: 'in',
  isNull: 'notNull',
  notNull: 'isNull',
  gt: 'lte',
  lte: 'gt',
  lt: 'gte',
  gte: 'lt',
} as const;

function negate(condition: Condition): Condition {
  switch (condition.op) {
    case 'true':
      return FALSE;
    case 'false':
      return TRUE;
    case 'and':
      return either(condition.parts.map(negate));
    case 'or':
      return both(condition.parts.map(negate));
    case 'contains':
    case 'startsWith':
      return { ...condition, negated: !condition.negated };
    default:
      return { ...condition, op: OPPOSITE[condition.op] } as Condition;
  }
}
