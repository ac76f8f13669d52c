import { fieldOf, type LogField } from '../../../log/fields.ts';
import type { Condition } from '../../condition.ts';
import { wantedGrams } from './grams.ts';

/** What a log that meets a condition needs to have: all or any of the parts, or all grams. */
export type TextQuery =
  | { readonly op: 'and' | 'or'; readonly parts: readonly TextQuery[] }
  | { readonly op: 'grams'; readonly hashes: readonly number[] };

/** What the text index can decide about a condition: logs that do not match the result do not meet it. Null if it decides nothing. */
export function textQueryOf(condition: Condition): TextQuery | null {
  switch (condition.op) {
    case 'and': {
      const parts = condition.parts.map(textQueryOf).filter((part) => part !== null);
      return parts.length === 0 ? null : { op: 'and', parts };
    }
    case 'or': {
      const parts = condition.parts.map(textQueryOf);
      return parts.length === 0 || parts.includes(null) ? null : { op: 'or', parts: parts as TextQuery[] };
    }
    case 'contains':
    case 'startsWith':
      return condition.negated ? null : grams(condition.field, condition.value, condition.op);
    case 'eq':
      return fieldOf(condition.field).kind === 'text'
        ? grams(condition.field, String(condition.value), 'startsWith')
        : null;
    default:
      return null;
  }
}

function grams(field: LogField, text: string, op: 'contains' | 'startsWith'): TextQuery | null {
  const hashes = wantedGrams(field, text, op);
  return hashes.length === 0 ? null : { op: 'grams', hashes };
}
