import type { QueryField } from '../filter/edit-query.ts';
import { isObject, partsOf, valuesOf } from '../filter/filter-parts.ts';
import type { RequestLogFilter } from '../filter/request-log-filter.ts';

/** Conditions that compare one field with values. Numbers and text, as the API has them. */
interface Comparisons {
  readonly eq?: unknown;
  readonly in?: readonly unknown[] | null;
  readonly ne?: unknown;
  readonly notIn?: readonly unknown[] | null;
}

/** A value as groups of the API show it; null: the field has no value. */
export type FacetValue = string | null;

/** The values of a field that the filter includes and excludes. */
export interface FieldState {
  readonly included: ReadonlySet<FacetValue>;
  readonly excluded: ReadonlySet<FacetValue>;
}

const comparisonsOf = (filter: RequestLogFilter, field: QueryField) =>
  filter[field] as Comparisons | string | null | undefined;

const textOf = (value: unknown): FacetValue => (value === null ? null : String(value));

/** The values of a field that all conditions of a filter together name. Other kinds of conditions name none. */
export function fieldState(filter: RequestLogFilter, field: QueryField): FieldState {
  const included = new Set<FacetValue>();
  const excluded = new Set<FacetValue>();
  const conditions = comparisonsOf(filter, field);
  if (typeof conditions === 'object' && conditions !== null) {
    if (conditions.eq !== undefined) included.add(textOf(conditions.eq));
    if (conditions.ne !== undefined) excluded.add(textOf(conditions.ne));
    for (const value of valuesOf(conditions.in)) included.add(textOf(value));
    for (const value of valuesOf(conditions.notIn)) excluded.add(textOf(value));
  }
  for (const part of partsOf(filter)) {
    const state = fieldState(part, field);
    for (const value of state.included) included.add(value);
    for (const value of state.excluded) excluded.add(value);
  }
  return { included, excluded };
}

/** Whether some condition is on the field, of whatever kind, except in alternatives. */
export function hasField(filter: RequestLogFilter, field: QueryField): boolean {
  return (
    filter[field] != null ||
    (isObject(filter.not) && isOnlyOn(filter.not, field)) ||
    partsOf(filter).some((part) => hasField(part, field))
  );
}

const isOnlyOn = (filter: RequestLogFilter, field: QueryField) =>
  Object.keys(filter).every((name) => name === field);

/** The filter without its conditions on the field. Alternatives stay as they are. */
export function withoutField(filter: RequestLogFilter, field: QueryField): RequestLogFilter {
  const { [field]: _, and: __, not, ...rest } = filter;
  return {
    ...rest,
    ...(not != null && !(isObject(not) && isOnlyOn(not, field)) && { not }),
    ...withParts(filter, (part) => withoutField(part, field)),
  };
}

/** The filter that neither includes nor excludes the value of the field; its other conditions stay. */
export function withoutValue(
  filter: RequestLogFilter,
  field: QueryField,
  value: FacetValue,
): RequestLogFilter {
  const { [field]: _, and: __, ...rest } = filter;
  const conditions = comparisonsOf(filter, field);
  const kept =
    typeof conditions === 'object' && conditions !== null ? withoutComparison(conditions, value) : conditions;
  return {
    ...rest,
    ...(kept !== undefined && { [field]: kept }),
    ...withParts(filter, (part) => withoutValue(part, field, value)),
  };
}

function withParts(filter: RequestLogFilter, edit: (part: RequestLogFilter) => RequestLogFilter) {
  const parts = partsOf(filter)
    .map(edit)
    .filter((part) => Object.keys(part).length > 0);
  return parts.length > 0 && { and: parts };
}

function withoutComparison(conditions: Comparisons, value: FacetValue): Comparisons | undefined {
  const kept = Object.entries(conditions).flatMap(([operator, operand]): [string, unknown][] => {
    const isEquality = operator === 'eq' || operator === 'ne';
    if (isEquality && operand !== undefined && textOf(operand) === value) return [];
    if ((operator !== 'in' && operator !== 'notIn') || operand === null) return [[operator, operand]];
    const before = valuesOf(operand);
    const values = before.filter((one) => textOf(one) !== value);
    return values.length === 0 && before.length > 0 ? [] : [[operator, values]];
  });
  return kept.length === 0 ? undefined : Object.fromEntries(kept);
}
