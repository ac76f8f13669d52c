import type { Condition, ConditionOperator, ConditionValue } from './condition.ts';
import { isOrdered, isStatusClass, isStatusCode, readValue } from './field-value.ts';
import { JOINING_WORDS, NONE } from './print-query.ts';
import * as problem from './problems.ts';
import { findSyntaxField, type SyntaxField } from './syntax-fields.ts';
import type { Token, TokenValue } from './tokenize.ts';

const OPERATORS: Readonly<Record<string, ConditionOperator>> = {
  '': 'is',
  '>': 'gt',
  '>=': 'gte',
  '<': 'lt',
  '<=': 'lte',
  '~': 'contains',
  '^': 'startsWith',
};

/** The condition, or a sentence that says what is wrong with it. */
export function parseToken(token: Token): Condition | string {
  const { isNegated, name, values, operator } = token;
  const first = values[0]!;
  if (token.isUnclosed) return problem.UNCLOSED;
  if (name === null) {
    if (!first.isQuoted && JOINING_WORDS.includes(first.text)) return problem.joiningWord(first.text);
    return search(first.text, isNegated);
  }
  const field = findSyntaxField(name.text);
  if (field === undefined) return problem.unknownField(name.text);
  if (values.some(({ text, isQuoted }) => text === '' && !isQuoted)) return problem.missingValue(field);
  if (field.field === 'search') {
    if (operator !== '' && operator !== '~') return problem.unknownOperator(field, operator);
    return values.length > 1 ? problem.severalValues(field) : search(first.text, isNegated);
  }
  const operation = OPERATORS[operator]!;
  const result =
    operation === 'is' ? equality(field, values) : comparison(field, operation, operator, values);
  return typeof result === 'string' ? result : { field: field.field, ...result, isNegated };
}

const search = (text: string, isNegated: boolean): Condition => ({
  field: 'search',
  operator: 'contains',
  isNegated,
  values: [text],
});

/** `field` only if it is another one than that of the text. */
type Part = Pick<Condition, 'operator' | 'values'> & { readonly field?: Condition['field'] };

function equality(field: SyntaxField, values: readonly TokenValue[]): Part | string {
  if (field.field === 'statusCode' && values.some(({ text }) => isStatusClass(text))) {
    if (!values.every(({ text }) => isStatusClass(text))) return problem.CODES_AND_CLASSES;
    return { field: 'statusClass', operator: 'is', values: values.map(({ text }) => text.toLowerCase()) };
  }
  if (isOrdered(field) && values.some(({ text }) => text.includes('..'))) {
    return values.length > 1 ? problem.severalValues(field) : range(field, values[0]!.text);
  }
  const read = values.map((value) => (isNone(field, value) ? null : readValue(field, value.text)));
  if (!isComplete(read)) return problem.wrongValue(field);
  const isCode = (code: ConditionValue) => code === null || isStatusCode(code as number);
  if (field.field === 'statusCode' && !read.every(isCode)) return problem.wrongValue(field);
  return { operator: 'is', values: read };
}

const isNone = ({ kind }: SyntaxField, { text, isQuoted }: TokenValue) =>
  !isQuoted && text.toLowerCase() === NONE && kind !== 'outcome';

function range(field: SyntaxField, text: string): Part | string {
  const bounds = text.split('..');
  const read = bounds.map((bound) => readValue(field, bound));
  if (read.length !== 2 || !isComplete(read)) return problem.wrongRange(field);
  return isBefore(read[1]!, read[0]!) ? problem.reversedRange(text) : { operator: 'range', values: read };
}

/** Whether a value is before another one of the same field. */
export const isBefore = (a: ConditionValue, b: ConditionValue): boolean =>
  typeof a === 'string' ? Date.parse(a) < Date.parse(String(b)) : Number(a) < Number(b);

function comparison(
  field: SyntaxField,
  operation: ConditionOperator,
  written: string,
  values: readonly TokenValue[],
): Part | string {
  const isText = operation === 'contains' || operation === 'startsWith';
  if (isText ? field.kind !== 'text' : !isOrdered(field)) return problem.unknownOperator(field, written);
  if (values.length > 1) return problem.severalValues(field);
  const value = isText ? values[0]!.text : readValue(field, values[0]!.text);
  return value === undefined ? problem.wrongValue(field) : { operator: operation, values: [value] };
}

const isComplete = (values: readonly (ConditionValue | undefined)[]): values is ConditionValue[] =>
  !values.includes(undefined);
