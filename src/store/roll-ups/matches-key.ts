import { foldCase } from '../../lib/fold-case.ts';
import type { LogField } from '../../log/fields.ts';
import type { FieldValue } from '../../log/filter.ts';
import type { Condition } from '../condition.ts';

/** The fields that a condition reads. */
export function fieldsOf(condition: Condition): LogField[] {
  if ('parts' in condition) return condition.parts.flatMap(fieldsOf);
  return 'field' in condition ? [condition.field] : [];
}

/** Whether all logs with these values match. @param valueIn the value of each field that the condition reads. */
export function matchesKey(condition: Condition, valueIn: (field: LogField) => FieldValue): boolean {
  switch (condition.op) {
    case 'true':
      return true;
    case 'false':
      return false;
    case 'and':
      return condition.parts.every((part) => matchesKey(part, valueIn));
    case 'or':
      return condition.parts.some((part) => matchesKey(part, valueIn));
    default:
      return matchesValue(condition, valueIn(condition.field));
  }
}

function matchesValue(condition: Extract<Condition, { field: unknown }>, value: FieldValue): boolean {
  switch (condition.op) {
    case 'isNull':
      return value === null;
    case 'notNull':
      return value !== null;
    case 'eq':
      return value === condition.value;
    case 'ne':
      return value !== condition.value;
    case 'in':
      return condition.values.includes(value as string);
    case 'notIn':
      return !condition.values.includes(value as string);
    case 'contains':
    case 'startsWith': {
      const text = typeof value === 'string' ? foldCase(value) : null;
      const wanted = foldCase(condition.value);
      const found =
        text !== null && (condition.op === 'contains' ? text.includes(wanted) : text.startsWith(wanted));
      return found !== condition.negated;
    }
    case 'gt':
      return value !== null && (value as number) > condition.value;
    case 'gte':
      return value !== null && (value as number) >= condition.value;
    case 'lt':
      return value !== null && (value as number) < condition.value;
    case 'lte':
      return value !== null && (value as number) <= condition.value;
  }
}
