import { fieldOf, type LogField } from '../../src/log/fields.ts';
import type { Filter } from '../../src/log/filter.ts';

/** A filter as the GraphQL argument that asks for it; a value that the argument's type has no form for is asked as it is. */
export function filterInput(filter: Filter): object {
  if ('filter' in filter) return { not: filterInput(filter.filter) };
  if ('filters' in filter) return { [filter.op]: filter.filters.map(filterInput) };
  const operand =
    'values' in filter
      ? filter.values.map((value) => shown(filter.field, value))
      : shown(filter.field, filter.value);
  return { [filter.field]: { [filter.op]: operand } };
}

function shown(field: LogField, value: string | number | null): string | number | null {
  if (typeof value !== 'number') return value;
  return fieldOf(field).kind === 'time' ? new Date(value).toISOString() : Math.trunc(value);
}
