import type { RequestLogFilter } from './request-log-filter.ts';

/** A field that the typed syntax knows, by its name in the API. */
export type QueryField = Exclude<
  keyof RequestLogFilter,
  'and' | 'or' | 'not' | 'search' | '%future added value'
>;

/** `is`: equal to one of the values. `range`: from the first value to the second one, both inclusive. */
export type ConditionOperator = 'is' | 'gt' | 'gte' | 'lt' | 'lte' | 'range' | 'contains' | 'startsWith';

/** Times are ISO 8601 in UTC. Null: the field has no value. */
export type ConditionValue = string | number | null;

/** One condition of the typed syntax. All conditions of a text must match. */
export interface Condition {
  /** `search` is the condition of a text without a field; its operator is `contains`. */
  readonly field: QueryField | 'search';
  readonly operator: ConditionOperator;
  readonly isNegated: boolean;
  /** At least one for `is`, two for `range`, one for the others. Only `is` has null. */
  readonly values: readonly ConditionValue[];
}

/** A part of a text. `end` is exclusive. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/** A part of a text that does not apply, and why. */
export interface Problem extends Span {
  readonly message: string;
}
