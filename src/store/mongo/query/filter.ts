import type { Filter } from 'mongodb';
import { caseVariants } from '../../../lib/fold-case.ts';
import { fieldsWhere } from '../../../log/fields.ts';
import type { RangeOperator } from '../../../log/filter.ts';
import type { Condition } from '../../condition.ts';
import type { LogDocument } from '../documents.ts';

export type LogFilter = Filter<LogDocument>;
type Value = string | number | null;
type Leaf = Exclude<Condition, { op: 'true' | 'false' | 'and' | 'or' }>;

/** Matches nothing, without reading a document. */
const NO_LOG: LogFilter = { _id: { $in: [] } };

/**
 * Translates a condition to a MongoDB filter. Null is treated as specified by `Condition`.
 *
 * @param prefix the path of the fields, with a dot at its end. Default: the fields of the document itself.
 */
export function filterOf(condition: Condition, prefix = ''): LogFilter {
  const inner = (part: Condition) => filterOf(part, prefix);
  switch (condition.op) {
    case 'true':
      return {};
    case 'false':
      return NO_LOG;
    case 'and':
      return { $and: condition.parts.map(inner) };
    case 'or':
      return { $or: condition.parts.map(inner) };
    default:
      return { [prefix + condition.field]: leafOf(condition) };
  }
}

function leafOf(condition: Leaf): object {
  switch (condition.op) {
    case 'isNull':
      return { $eq: null };
    case 'notNull':
      return { $ne: null };
    case 'eq':
      return oneOf(condition.field, [condition.value]);
    case 'ne':
      return { $nin: storedValues(condition.field, [condition.value]) };
    case 'in':
      return oneOf(condition.field, condition.values);
    case 'notIn':
      return { $nin: storedValues(condition.field, condition.values) };
    case 'contains':
    case 'startsWith': {
      const start = condition.op === 'startsWith' ? '^' : '';
      const match = { $regex: start + literalPattern(condition.value) };
      return condition.negated ? { $not: match } : match;
    }
    default:
      return rangeOf(condition.field, condition.op, condition.value);
  }
}

/** Matches a field that has one of these values, which may include null. */
export function oneOf(field: string, values: readonly Value[]): object {
  const stored = storedValues(field, values);
  return stored.length === 1 ? { $eq: stored[0] } : { $in: stored };
}

/** One bound of a range. It is always inclusive, which gives exact index bounds: all of these fields hold integers. */
export function rangeOf(field: string, op: RangeOperator, value: number): object {
  if (op === 'gt' || op === 'gte') {
    return { $gte: storedNumber(field, op === 'gt' ? Math.floor(value) + 1 : Math.ceil(value)) };
  }
  return { $lte: storedNumber(field, op === 'lt' ? Math.ceil(value) - 1 : Math.floor(value)) };
}

function storedNumber(field: string, value: number): number | Date {
  return TIMES.has(field) ? new Date(Math.max(-MAX_DATE, Math.min(MAX_DATE, value))) : value;
}

/** The fields that are stored as dates. */
const TIMES: ReadonlySet<string> = new Set(fieldsWhere(({ kind }) => kind === 'time'));

const MAX_DATE = 8.64e15;

/** The values as stored. A time that a date cannot represent is omitted, because no log can have it. */
function storedValues(field: string, values: readonly Value[]): (Value | Date)[] {
  if (!TIMES.has(field)) return [...values];
  return values
    .filter((value) => Number.isInteger(value) && Math.abs(Number(value)) <= MAX_DATE)
    .map((value) => new Date(Number(value)));
}

/**
 * A regular expression for the literal text, ignoring case. The `i` flag would not do: which letters it folds depends on the server.
 * Letters outside of ASCII are alternatives, so that it also works where a pattern matches bytes.
 */
function literalPattern(text: string): string {
  return [...text].map(characterPattern).join('');
}

function characterPattern(character: string): string {
  const variants = caseVariants(character);
  if (variants.length === 1) return character.replace(/[\\^$.*+?()[\]{}|]/, '\\$&');
  const ascii = variants.filter((variant) => variant < '\x80');
  const alternatives = [
    ...(ascii.length > 0 ? [`[${ascii.join('')}]`] : []),
    ...variants.filter((variant) => variant >= '\x80'),
  ];
  return alternatives.length === 1 ? alternatives[0]! : `(?:${alternatives.join('|')})`;
}
