import type { LogField, NumberField, TextField } from './fields.ts';

/** A field value in its stored form: times are Unix milliseconds, request ids have no prefix. */
export type FieldValue = string | number | null;

/**
 * Selects logs. Plain data whose semantics are the same for `matches` (the test oracle) and for every store:
 *
 * - `eq null` matches null. `ne` is the exact negation of `eq`, so `ne 'x'` also matches null.
 * - `in` matches if `eq` matches for any of the values; `notIn` is its negation. An empty `in` matches no log, an empty
 *   `notIn` matches every log.
 * - `gt`, `gte`, `lt`, `lte`, `contains` and `startsWith` never match null. `not` is a plain negation, so `not gt` does
 *   match null.
 * - `contains` and `startsWith` are literal (`%`, `_`, `.` and `*` have no special meaning) and ignore case (see `foldCase`).
 *   Empty text matches every value except null.
 * - An empty `and` matches every log, an empty `or` matches none. A contradiction is valid and matches none.
 */
export type Filter =
  | { readonly op: 'and' | 'or'; readonly filters: readonly Filter[] }
  | { readonly op: 'not'; readonly filter: Filter }
  | { readonly op: 'eq' | 'ne'; readonly field: LogField; readonly value: FieldValue }
  | { readonly op: 'in' | 'notIn'; readonly field: LogField; readonly values: readonly FieldValue[] }
  | { readonly op: RangeOperator; readonly field: NumberField; readonly value: number }
  | { readonly op: 'contains' | 'startsWith'; readonly field: TextField; readonly value: string };

export type RangeOperator = 'gt' | 'gte' | 'lt' | 'lte';

/** Matches every log. */
export const MATCH_ALL: Filter = { op: 'and', filters: [] };

/** Matches if all filters match. A single filter is returned as it is. */
export function allOf(filters: readonly Filter[]): Filter {
  return filters.length === 1 ? filters[0]! : { op: 'and', filters };
}

/** Matches if any filter matches. A single filter is returned as it is. */
export function anyOf(filters: readonly Filter[]): Filter {
  return filters.length === 1 ? filters[0]! : { op: 'or', filters };
}
