import type { RequestLogFilter } from './request-log-filter.ts';

/** A field that the typed syntax knows, by its name in the API. */
export type QueryField = Exclude<
  keyof RequestLogFilter,
  'and' | 'or' | 'not' | 'search' | '%future added value'
>;

/**
 * The text with the condition that the field has this value, in addition to the values that it already includes.
 *
 * @param value null: the field has no value.
 */
export function includeValue(text: string, field: QueryField, value: string | null): string {
  return `${text} ${field}:${value}`.trim();
}

/** The text with the condition that the field does not have this value, in addition to those that it already excludes. */
export function excludeValue(text: string, field: QueryField, value: string | null): string {
  return `${text} -${field}:${value}`.trim();
}

/** The state of the URL that stands for a filter of the API: text as far as the syntax can express it, and the rest. */
export function stateOfFilter(filter: RequestLogFilter): {
  readonly q: string;
  readonly filter: RequestLogFilter | null;
} {
  return { q: '', filter };
}
