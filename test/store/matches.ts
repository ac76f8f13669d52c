import { foldCase } from '../../src/lib/fold-case.ts';
import type { FieldValue, Filter } from '../../src/log/filter.ts';
import type { RequestLog } from '../../src/log/request-log.ts';

/** Returns whether a log matches a filter. This is the reference implementation of `Filter` that the stores are tested against. */
export function matches(filter: Filter, log: RequestLog): boolean {
  switch (filter.op) {
    case 'and':
      return filter.filters.every((part) => matches(part, log));
    case 'or':
      return filter.filters.some((part) => matches(part, log));
    case 'not':
      return !matches(filter.filter, log);
    case 'eq':
      return log[filter.field] === filter.value;
    case 'ne':
      return log[filter.field] !== filter.value;
    case 'in':
      return filter.values.includes(log[filter.field]);
    case 'notIn':
      return !filter.values.includes(log[filter.field]);
    case 'contains':
      return foldedText(log[filter.field])?.includes(foldCase(filter.value)) ?? false;
    case 'startsWith':
      return foldedText(log[filter.field])?.startsWith(foldCase(filter.value)) ?? false;
    default:
      return inRange(filter.op, log[filter.field], filter.value);
  }
}

function foldedText(value: FieldValue): string | null {
  return typeof value === 'string' ? foldCase(value) : null;
}

function inRange(op: 'gt' | 'gte' | 'lt' | 'lte', value: number | null, bound: number): boolean {
  if (value === null) return false;
  if (op === 'gt') return value > bound;
  if (op === 'gte') return value >= bound;
  if (op === 'lt') return value < bound;
  return value <= bound;
}
