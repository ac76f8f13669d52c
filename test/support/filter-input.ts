import { fieldOf, type LogField } from '../../src/log/fields.ts';
import type { Filter } from '../../src/log/filter.ts';

/** Converts a filter to the GraphQL argument `filter`. Times become ISO 8601 strings and other numbers are truncated to integers; other values stay unchanged. */
export function filterInput(filter: Filter): object {
  if ('filter' in filter) return { not: filterInput(filter.filter) };
  if ('filters' in filter) return { [filter.op]: filter.filters.map(filterInput) };
  const operand =
    'values' in filter
      ? filter.values.map((value) => inputValue(filter.field, value))
      : inputValue(filter.field, filter.value);
  return { [filter.field]: { [filter.op]: operand } };
}

function inputValue(field: LogField, value: string | number | null): string | number | null {
  if (typeof value !== 'number') return value;
  return fieldOf(field).kind === 'time' ? new Date(value).toISOString() : Math.trunc(value);
}
