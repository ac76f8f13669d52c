import { isOrdered } from './field-value.ts';
import { closestName, type SyntaxField, type SyntaxKind } from './syntax-fields.ts';

export const UNCLOSED = 'The text in quotes does not end: add a closing " after it.';
export const CODES_AND_CLASSES =
  'status takes codes or classes, not both, such as status:404,500 or status:4xx,5xx.';

/** What the fields of a kind take, and examples, in which `_` is the name of the field. */
const EXPECTED: Readonly<Record<SyntaxKind, string>> = {
  text: 'a text, such as _:value or _:"with spaces"',
  integer: 'a whole number, such as _:5 or _:>5',
  safeInteger: 'a number of bytes, such as _:>1000',
  duration: 'a number of milliseconds or seconds, such as _:>500 or _:>2s',
  time: 'a time in UTC, such as _:>2026-11-28T14:05',
  statusClass: '1xx, 2xx, 3xx, 4xx or 5xx, such as _:4xx,5xx',
  outcome: 'success, client_error or server_error, such as _:server_error',
};

const expected = ({ field, kind, name }: SyntaxField) =>
  field === 'statusCode'
    ? 'codes from 100 to 599 or classes, such as status:404, status:5xx or status:>=400'
    : EXPECTED[kind].replaceAll('_:', `${name}:`);

export function unknownField(name: string): string {
  const closest = closestName(name);
  const hint = closest === undefined ? '' : ` Did you mean ${closest}?`;
  return `There is no field "${name}".${hint} To search for the text, put it in quotes.`;
}

export const joiningWord = (word: string): string =>
  word === 'AND'
    ? 'All conditions must match, so leave AND out. To search for the word, put it in quotes.'
    : word === 'OR'
      ? 'OR is written with a comma between the values of one field, such as status:404,500. To search for the word, put it in quotes.'
      : 'NOT is written as a minus sign, such as -method:GET. To search for the word, put it in quotes.';

export const missingValue = (field: SyntaxField): string =>
  `${field.name} needs a value: ${expected(field)}.`;

export const wrongValue = (field: SyntaxField): string => `${field.name} takes ${expected(field)}.`;

export const severalValues = ({ name }: SyntaxField): string =>
  `${name} takes one value here. Put a text with a comma in quotes.`;

export const wrongRange = ({ name, kind }: SyntaxField): string =>
  `A range has a start and an end, such as ${name}:${kind === 'time' ? '2026-11-27..2026-11-28' : '100..500'}.`;

export const reversedRange = (text: string): string => `The range ${text} ends before it starts.`;

export const unknownOperator = (field: SyntaxField, operator: string): string =>
  isOrdered(field) || field.kind !== 'text'
    ? `${field.name} has no operator ${operator}. It takes ${expected(field)}.`
    : `${field.name} is a text and has no operator ${operator}. Use ${field.name}:~part or ${field.name}:^beginning, or quotes.`;
