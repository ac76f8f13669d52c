import type { LogField, NumberField, TextField } from './fields.ts';

/** A value of a field; times are Unix milliseconds, request ids are without their prefix. */
export type FieldValue = string | number | null;

/**
 * Which logs are asked for: pure data with one meaning, which `matches` (the oracle) and every store must agree on.
 *
 * - `eq null` matches a field without a value; `ne` is exactly the opposite of `eq`, so `ne 'x'` matches null too.
 * - `in` is any `eq`, `notIn` its opposite; an empty `in` matches nothing, an empty `notIn` everything.
 * - `gt gte lt lte contains startsWith` never match null; `not` is the plain opposite, so `not gt` does match null.
 * - `contains` and `startsWith` are literal (`%`, `_`, `.`, `*` are plain characters) and fold the letters A-Z only;
 *   empty text matches every value.
 * - An empty `and` matches everything, an empty `or` nothing; a contradiction matches nothing.
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
export const EVERYTHING: Filter = { op: 'and', filters: [] };

/** All of these; a single one stands for itself. */
export function allOf(filters: readonly Filter[]): Filter {
  return filters.length === 1 ? filters[0]! : { op: 'and', filters };
}

/** Any of these; a single one stands for itself. */
export function anyOf(filters: readonly Filter[]): Filter {
  return filters.length === 1 ? filters[0]! : { op: 'or', filters };
}
