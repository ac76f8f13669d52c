import { FIELDS, fieldOf, type LogField } from '../../../src/log/fields.ts';
import { STATUS_CLASSES } from '../fields/status-class.ts';
import { isOrdered, OUTCOMES } from '../filter/field-value.ts';
import { NONE, printValue } from '../filter/print-query.ts';
import { SYNTAX_FIELDS, type SyntaxField } from '../filter/syntax-fields.ts';
import type { Completion } from './completion.ts';

/** A value that logs have, and how many of them. Null: they have no value. */
export interface CountedValue {
  readonly value: string | null;
  readonly count: number;
}

export interface Suggestion {
  /** Replaces the part of the text that the completion names. */
  readonly insert: string;
  readonly label: string;
  readonly detail: string;
  readonly count?: number;
  /** Whether the condition is complete with it. */
  readonly isValue: boolean;
}

/** @param values of the field, those that most logs have first. */
export function suggestionsFor(
  completion: Completion,
  values: readonly CountedValue[],
): readonly Suggestion[] {
  return completion.kind === 'name' ? names(completion) : valuesAndOperators(completion, values);
}

function names({ written, hasColon }: Completion & { kind: 'name' }): readonly Suggestion[] {
  const key = written.toLowerCase();
  const namesOf = ({ field, name, aliases }: SyntaxField) =>
    [name, field, ...aliases].map((one) => one.toLowerCase());
  const beginning = SYNTAX_FIELDS.filter((field) => namesOf(field).some((name) => name.startsWith(key)));
  const isAlias = ({ name }: SyntaxField) => Number(!name.toLowerCase().startsWith(key));
  const containing = SYNTAX_FIELDS.filter(
    (field) =>
      key.length > 1 && !beginning.includes(field) && namesOf(field).some((name) => name.includes(key)),
  );
  const first = beginning.sort((a, b) => isAlias(a) - isAlias(b));
  return [...first, ...containing].map(({ name, description }) => ({
    insert: hasColon ? name : `${name}:`,
    label: name,
    detail: description.replaceAll('`', ''),
    isValue: false,
  }));
}

const COMPARISONS = [
  ['>', 'greater than'],
  ['>=', 'at least'],
  ['<', 'less than'],
  ['<=', 'at most'],
] as const;
const TEXT_OPERATORS = [
  ['~', 'contains'],
  ['^', 'starts with'],
] as const;

function valuesAndOperators(
  completion: Completion & { kind: 'value' },
  counted: readonly CountedValue[],
): readonly Suggestion[] {
  const { field, operator, written, siblings } = completion;
  if (operator !== '' || field.field === 'search') return [];
  const values = counted.length > 0 ? counted : fixedValues(field);
  const key = written.toLowerCase();
  const suggested = values
    .map(({ value, count }) => ({
      insert: field.kind === 'outcome' ? value!.toLowerCase() : printValue(value),
      label: value === null ? NONE : field.kind === 'outcome' ? value.toLowerCase() : value,
      detail: value === null ? 'no value' : '',
      count,
      isValue: true,
    }))
    .filter(({ label }) => label.toLowerCase().includes(key) && !siblings.includes(label));
  if (written !== '' || siblings.length > 0) return suggested;
  const operators = isOrdered(field) ? COMPARISONS : field.kind === 'text' ? TEXT_OPERATORS : [];
  const isNullable = Object.hasOwn(FIELDS, field.field) && fieldOf(field.field as LogField).nullable;
  return [
    ...suggested,
    ...operators.map(([insert, detail]) => ({ insert, label: insert, detail, isValue: false })),
    ...(isNullable && !suggested.some(({ insert }) => insert === NONE)
      ? [{ insert: NONE, label: NONE, detail: 'no value', isValue: true }]
      : []),
  ];
}

/** Values that are known without asking. */
function fixedValues({ kind }: SyntaxField): readonly { value: string; count?: number }[] {
  const values = kind === 'outcome' ? OUTCOMES : kind === 'statusClass' ? STATUS_CLASSES : [];
  return values.map((value) => ({ value }));
}
