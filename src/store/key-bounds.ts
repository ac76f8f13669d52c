import type { Filter } from '../log/filter.ts';
import type { LogScope, PageBound } from '../log/query.ts';
import type { SortField } from '../log/sort.ts';
import { both, type Condition, toCondition } from './condition.ts';

/** A bound of the index range that is read. */
export type KeyBound =
  | { readonly kind: 'value'; readonly value: number; readonly inclusive: boolean }
  | { readonly kind: 'position'; readonly position: PageBound };

/** The tightest lower and upper bound on a key, in ascending order. */
export interface Bounds<B> {
  readonly lower: B | null;
  readonly upper: B | null;
}

export type ValueBound = KeyBound & { readonly kind: 'value' };

/** The bounds that a filter and the retention window set on a field, and the other conditions. */
export function conditionsOf(
  { visibleFrom }: LogScope,
  filter: Filter,
  field: SortField,
): Bounds<ValueBound> & { readonly rest: Condition } {
  const condition = both([
    toCondition(filter),
    visibleFrom === null ? { op: 'true' } : { op: 'gte', field: 'createdAt', value: visibleFrom },
  ]);
  const { lower, upper, rest } = boundsOn(field, partsOf(condition));
  return { lower, upper, rest: both(rest) };
}

/** The conditions that must all be met. */
export function partsOf(condition: Condition): readonly Condition[] {
  return condition.op === 'and' ? condition.parts : condition.op === 'true' ? [] : [condition];
}

/** The tightest bounds on a field from the range conditions on it; `rest` holds the other conditions. */
export function boundsOn(field: SortField, parts: readonly Condition[]) {
  let lower: ValueBound | null = null;
  let upper: ValueBound | null = null;
  const rest = parts.filter((part) => {
    if (!('field' in part) || part.field !== field) return true;
    if (part.op === 'gt' || part.op === 'gte') {
      lower = tighter(lower, { kind: 'value', value: part.value, inclusive: part.op === 'gte' }, 1);
      return false;
    }
    if (part.op === 'lt' || part.op === 'lte') {
      upper = tighter(upper, { kind: 'value', value: part.value, inclusive: part.op === 'lte' }, -1);
      return false;
    }
    return true;
  });
  return { lower: lower as ValueBound | null, upper: upper as ValueBound | null, rest };
}

export function positionBound(position: PageBound | undefined): KeyBound | null {
  return position === undefined ? null : { kind: 'position', position };
}

/**
 * The tighter one of two bounds.
 *
 * @param sign 1 for lower bounds, where the greater one is tighter; -1 for upper bounds.
 */
export function tighter<B extends KeyBound>(
  a: B | null,
  b: ValueBound | null,
  sign: 1 | -1,
): B | ValueBound | null {
  if (a === null || b === null) return a ?? b;
  const difference = (b.value - boundValue(a)) * sign;
  return difference > 0 || (difference === 0 && !b.inclusive) ? b : a;
}

function boundValue(bound: KeyBound): number {
  return bound.kind === 'value' ? bound.value : bound.position.sortValue;
}

/** Whether a value is within a bound. @param sign 1 for lower bounds, -1 for upper bounds. */
export function isWithin(value: string | number | null, bound: KeyBound | null, sign: 1 | -1): boolean {
  if (bound === null) return true;
  const difference = (Number(value) - boundValue(bound)) * sign;
  return difference > 0 || (difference === 0 && (bound.kind === 'position' || bound.inclusive));
}

/** The first integer within a lower bound. @param none the result if there is no bound. */
export function firstInteger(lower: KeyBound | null, none: number): number {
  if (lower === null) return none;
  if (lower.kind === 'position') return lower.position.sortValue;
  return lower.inclusive ? Math.ceil(lower.value) : Math.floor(lower.value) + 1;
}

/** The last integer within an upper bound. @param none the result if there is no bound. */
export function lastInteger(upper: KeyBound | null, none: number): number {
  if (upper === null) return none;
  if (upper.kind === 'position') return upper.position.sortValue;
  return upper.inclusive ? Math.floor(upper.value) : Math.ceil(upper.value) - 1;
}
