import type { Condition, ConditionValue } from './condition.ts';
import { syntaxFieldOf } from './syntax-fields.ts';
import { startsWithName } from './tokenize.ts';

/** Words that other languages join conditions with. Without quotes they would be misunderstood. */
export const JOINING_WORDS: readonly string[] = ['AND', 'OR', 'NOT'];
/** What is written for the value null. */
export const NONE = 'none';

const SIGNS = { is: '', range: '', gt: '>', gte: '>=', lt: '<', lte: '<=', contains: '~', startsWith: '^' };
/** What a text field loses or what could mislead: control characters, half characters and signs that reverse the text. */
const HIDDEN = /[\p{Cc}\p{Cs}\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/gu;
const PLAIN = /^[^\s"\\,<>~^!-][^\s"\\,]*$/;

/** The canonical text of the conditions. `parse` reads the same conditions from it. */
export const print = (conditions: readonly Condition[]): string => conditions.map(printCondition).join(' ');

export function printCondition({ field, operator, isNegated, values }: Condition): string {
  const sign = isNegated ? '-' : '';
  if (field === 'search') return sign + printWord(String(values[0]));
  // `status:5xx` is what people write, but `status:none` is about the code.
  const isStatus = field === 'statusClass' && !values.includes(null);
  const { name, kind } = syntaxFieldOf(isStatus ? 'statusCode' : field);
  const texts = values.map((value) => (kind === 'outcome' ? String(value).toLowerCase() : printValue(value)));
  return `${sign}${name}:${SIGNS[operator]}${texts.join(operator === 'range' ? '..' : ',')}`;
}

/** The value as it is written after the name of a field. */
export function printValue(value: ConditionValue): string {
  if (value === null) return NONE;
  const text = String(value);
  return isPlain(text) && text.toLowerCase() !== NONE ? text : quote(text);
}

function printWord(text: string): string {
  return isPlain(text) && !startsWithName(text) && !JOINING_WORDS.includes(text) ? text : quote(text);
}

const isPlain = (text: string) => PLAIN.test(text) && text.search(HIDDEN) === -1;

function quote(text: string): string {
  const escaped = text
    .replaceAll(/["\\]/g, '\\$&')
    .replaceAll(HIDDEN, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`);
  return `"${escaped}"`;
}
