import { boundsOf, fieldOf, type LogField } from '../../../src/log/fields.ts';
import { STATUS_CLASSES } from '../fields/status-class.ts';
import { readTime } from '../time/read-time.ts';
import { MINUTE_MS, SECOND_MS } from '../time/units.ts';
import type { ConditionValue } from './condition.ts';
import type { SyntaxField } from './syntax-fields.ts';

export const OUTCOMES: readonly string[] = ['SUCCESS', 'CLIENT_ERROR', 'SERVER_ERROR'];

const UNITS_MS: Readonly<Record<string, number>> = {
  '': 1,
  ms: 1,
  s: SECOND_MS,
  m: MINUTE_MS,
  min: MINUTE_MS,
};
const NUMBER = /^(\d+(?:\.\d+)?)(ms|s|min|m|)$/i;

/** Whether a field of this kind has `>` and ranges. */
export const isOrdered = ({ kind }: SyntaxField): boolean =>
  kind === 'integer' || kind === 'safeInteger' || kind === 'duration' || kind === 'time';

export const isStatusClass = (text: string): boolean =>
  STATUS_CLASSES.some((name) => name === text.toLowerCase());

const CODES = boundsOf(fieldOf('statusCode'));
export const isStatusCode = (code: number): boolean => code >= CODES.min && code <= CODES.max;

/** The value that a text stands for; undefined if the field cannot have it. It is never null. */
export function readValue(field: SyntaxField, text: string): string | number | undefined {
  switch (field.kind) {
    case 'text':
      return field.field === 'method' ? text.toUpperCase() : text;
    case 'time':
      return isoTime(readTime(text));
    case 'statusClass':
      return STATUS_CLASSES.find((name) => name === text.toLowerCase());
    case 'outcome':
      return OUTCOMES.find((name) => name === text.toUpperCase().replace('-', '_'));
    default:
      return readNumber(field, text);
  }
}

/** The value that a filter of the API contains, in the form of `readValue`; undefined if the syntax cannot express it. */
export function readApiValue(field: SyntaxField, value: unknown): ConditionValue | undefined {
  if (value === null) return field.kind === 'outcome' ? undefined : null;
  const isNumber = isOrdered(field) && field.kind !== 'time';
  if (typeof value !== (isNumber ? 'number' : 'string')) return undefined;
  return readValue(field, String(value));
}

function readNumber({ field, kind }: SyntaxField, text: string): number | undefined {
  const [, digits, unit] = NUMBER.exec(text) ?? [];
  if (digits === undefined || (unit !== '' && kind !== 'duration')) return undefined;
  const number = Number(digits) * UNITS_MS[unit!.toLowerCase()]!;
  // The status code has narrower bounds, but `status:<600` is a good condition.
  const { max } = boundsOf({ ...fieldOf(field as LogField), max: undefined });
  const whole = kind === 'duration' ? Math.round(number) : number;
  return Number.isInteger(whole) && whole <= max ? whole : undefined;
}

const isoTime = (time: number | undefined) =>
  time === undefined ? undefined : new Date(time).toISOString().replace('.000Z', 'Z');
