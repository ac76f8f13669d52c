import { upperCase } from '../lib/text.ts';
import { badInput } from '../log/errors.ts';
import { fieldOf, LOG_FIELDS, type LogField, type NumberField, type TextField } from '../log/fields.ts';
import { allOf, anyOf, type FieldValue, type Filter, MATCH_ALL } from '../log/filter.ts';
import { parseRequestId } from '../log/request-id.ts';
import { requestIdContains, requestIdStartsWith, searchFilter } from '../log/search.ts';
import { STATUS_CLASSES, statusClassFilter } from '../stats/status-class.ts';
import { builder } from './builder.ts';
import { FILTER_LIMITS } from './limits.ts';
import { type Outcome, OutcomeEnum, outcomeFilter } from './outcome.ts';

const TEXT_OPERATORS = {
  contains: 'Contains this text. The text is literal; case is ignored.',
  startsWith: 'Starts with this text. The text is literal; case is ignored.',
};
const RANGE_OPERATORS = {
  gt: 'Greater than this value.',
  gte: 'Greater than or equal to this value.',
  lt: 'Less than this value.',
  lte: 'Less than or equal to this value.',
};

const conditions = (
  name: string,
  type: 'String' | 'Int' | 'SafeInt' | 'DateTime',
  own: Readonly<Record<string, string>>,
  description = 'Conditions on one field. All given conditions must match.',
) =>
  builder.inputType(name, {
    description,
    fields: (t) => ({
      eq: t.field({ type, description: 'Equal to this value. Null matches a field without a value.' }),
      ne: t.field({
        type,
        description: 'The opposite of `eq`. A field without a value also matches, unless this is null.',
      }),
      in: t.field({
        type: [type],
        required: { list: false, items: false },
        description: 'Equal to one of these values. An empty list matches nothing.',
      }),
      notIn: t.field({
        type: [type],
        required: { list: false, items: false },
        description: 'The opposite of `in`. An empty list matches everything.',
      }),
      ...Object.fromEntries(
        Object.entries(own).map(([op, description]) => [op, t.field({ type, description })]),
      ),
    }),
  });

const INPUT_OF_KIND = {
  text: conditions('StringFilter', 'String', TEXT_OPERATORS),
  integer: conditions('IntFilter', 'Int', RANGE_OPERATORS),
  safeInteger: conditions('SafeIntFilter', 'SafeInt', RANGE_OPERATORS),
  time: conditions('DateTimeFilter', 'DateTime', RANGE_OPERATORS),
};

const StatusClassFilter = conditions(
  'StatusClassFilter',
  'String',
  {},
  `Conditions on the class of the status code: ${STATUS_CLASSES.join(', ')}. All given conditions must match.`,
);

/** The `filter` argument: conditions by field, and the keys `and`, `or`, `not`, `outcome`, `statusClass` and `search`. */
export type RequestLogFilterInput = { readonly [field: string]: unknown };

export const RequestLogFilterRef = builder.inputRef<RequestLogFilterInput>('RequestLogFilter');

RequestLogFilterRef.implement({
  description:
    'Selects logs. All given conditions must match; an empty filter matches every log. ' +
    `Limits: ${FILTER_LIMITS.conditions} conditions, ${FILTER_LIMITS.depth} levels of nesting, ` +
    `${FILTER_LIMITS.listLength} values in a list and ${FILTER_LIMITS.textLength} characters in a text ` +
    `(${FILTER_LIMITS.equalTextLength} for \`eq\` and \`ne\`).`,
  fields: (t) => ({
    ...Object.fromEntries(
      LOG_FIELDS.map((name) => {
        const { kind, description } = fieldOf(name);
        return [name, t.field({ type: INPUT_OF_KIND[kind], description })];
      }),
    ),
    outcome: t.field({
      type: OutcomeEnum,
      description: 'Outcome of the request, derived from its status code.',
    }),
    statusClass: t.field({
      type: StatusClassFilter,
      description: 'Class of the status code, such as `4xx`.',
    }),
    search: t.string({
      description: 'The path or the request id contains this text. The text is literal; case is ignored.',
    }),
    and: t.field({
      type: [RequestLogFilterRef],
      description: 'All of these filters match. An empty list matches everything.',
    }),
    or: t.field({
      type: [RequestLogFilterRef],
      description: 'At least one of these filters matches. An empty list matches nothing.',
    }),
    not: t.field({ type: RequestLogFilterRef, description: 'This filter does not match.' }),
  }),
});

/**
 * Converts the argument to a filter. Undefined and null match every log.
 *
 * @throws RelaylogError BAD_USER_INPUT if it exceeds a limit, or contains null other than as the operand of `eq` or `ne`.
 */
export function filterOf(input: RequestLogFilterInput | null | undefined): Filter {
  return countedFilter(input).filter;
}

/**
 * Like `filterOf`, with the number of conditions in the filter.
 *
 * @throws RelaylogError as `filterOf`.
 */
export function countedFilter(input: RequestLogFilterInput | null | undefined): {
  readonly filter: Filter;
  readonly conditions: number;
} {
  if (input === null || input === undefined) return { filter: MATCH_ALL, conditions: 0 };
  const budget = { conditions: FILTER_LIMITS.conditions };
  const filter = readFilter(input, 'filter', 1, budget);
  return { filter, conditions: FILTER_LIMITS.conditions - budget.conditions };
}

interface Budget {
  /** The number of conditions that may still follow. */
  conditions: number;
}

function readFilter(input: RequestLogFilterInput, at: string, depth: number, budget: Budget): Filter {
  if (depth > FILTER_LIMITS.depth)
    throw badInput(`The filter is nested more than ${FILTER_LIMITS.depth} levels deep.`);
  const inner = (part: unknown, place: string) =>
    readFilter(part as RequestLogFilterInput, place, depth + 1, budget);
  const parts = Object.entries(input).flatMap(([name, value]): Filter[] => {
    const place = `${at}.${name}`;
    if (value === undefined) return [];
    if (value === null) throw badInput(`${place} must not be null: omit it instead.`);
    switch (name) {
      case 'and':
        return (value as unknown[]).map((part, i) => inner(part, `${place}[${i}]`));
      case 'or':
        return [anyOf((value as unknown[]).map((part, i) => inner(part, `${place}[${i}]`)))];
      case 'not':
        return [{ op: 'not', filter: inner(value, place) }];
      case 'outcome':
        return [spend(budget, outcomeFilter(value as Outcome))];
      case 'search':
        return [spend(budget, searchFilter(checkedText(value as string, place)))];
      case 'statusClass':
        return Object.entries(value).map(([op, operand]) =>
          spend(budget, readStatusClass(op, operand, `${place}.${op}`)),
        );
      default:
        return Object.entries(value).map(([op, operand]) =>
          spend(budget, readCondition(name as LogField, op, operand, `${place}.${op}`)),
        );
    }
  });
  return allOf(parts);
}

function spend(budget: Budget, filter: Filter): Filter {
  if (--budget.conditions < 0)
    throw badInput(`The filter has more than ${FILTER_LIMITS.conditions} conditions.`);
  return filter;
}

function readCondition(field: LogField, op: string, operand: unknown, at: string): Filter {
  if (op === 'eq' || op === 'ne') {
    return { op, field, value: fieldValue(field, operand, at, FILTER_LIMITS.equalTextLength) };
  }
  requireOperand(operand, at);
  switch (op) {
    case 'in':
    case 'notIn':
      return { op, field, values: checkedList(operand, at).map((value) => fieldValue(field, value, at)) };
    case 'contains':
    case 'startsWith': {
      const text = checkedText(operand as string, at);
      if (field === 'requestId')
        return op === 'contains' ? requestIdContains(text) : requestIdStartsWith(text);
      return { op, field: field as TextField, value: text };
    }
    default: {
      const value = operand instanceof Date ? operand.getTime() : (operand as number);
      return { op: op as 'gt' | 'gte' | 'lt' | 'lte', field: field as NumberField, value };
    }
  }
}

/** The operators of `StatusClassFilter` mean the same as those of a field that contains the class. */
function readStatusClass(op: string, operand: unknown, at: string): Filter {
  const isNegated = op === 'ne' || op === 'notIn';
  if (op === 'in' || op === 'notIn') requireOperand(operand, at);
  const classes = op === 'in' || op === 'notIn' ? checkedList(operand, at) : [operand];
  const filter = anyOf(classes.map((one) => statusClassFilter(checkedClass(one as string | null, at))));
  return isNegated ? { op: 'not', filter } : filter;
}

function checkedClass(statusClass: string | null, at: string): string | null {
  if (statusClass === null || STATUS_CLASSES.includes(statusClass)) return statusClass;
  throw badInput(`${at} must be one of ${STATUS_CLASSES.join(', ')}, not ${JSON.stringify(statusClass)}.`);
}

function requireOperand(operand: unknown, at: string): void {
  if (operand === null)
    throw badInput(`${at} must not be null: to match a missing value, use eq or ne with null.`);
}

function checkedList(operand: unknown, at: string): readonly unknown[] {
  const values = operand as readonly unknown[];
  if (values.length <= FILTER_LIMITS.listLength) return values;
  throw badInput(`${at} has ${values.length} values; at most ${FILTER_LIMITS.listLength} are accepted.`);
}

/** Converts an operand to its stored form: times in Unix milliseconds, methods in upper case, request ids without prefix. */
function fieldValue(
  field: LogField,
  value: unknown,
  at: string,
  maxLength: number = FILTER_LIMITS.textLength,
): FieldValue {
  if (value instanceof Date) return value.getTime();
  if (typeof value !== 'string') return value as FieldValue;
  const text = checkedText(value, at, maxLength);
  if (field === 'method') return upperCase(text);
  return field === 'requestId' ? parseRequestId(text) : text;
}

/** @throws RelaylogError BAD_USER_INPUT if the text is too long. @param at where the text is in the request, for the error. */
export function checkedText(text: string, at: string, maxLength: number = FILTER_LIMITS.textLength): string {
  if (text.length <= maxLength) return text;
  throw badInput(`${at} has ${text.length} characters; at most ${maxLength} are accepted.`);
}
