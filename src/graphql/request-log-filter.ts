import { upperCase } from '../lib/text.ts';
import { badInput } from '../log/errors.ts';
import { fieldOf, LOG_FIELDS, type LogField, type NumberField, type TextField } from '../log/fields.ts';
import { allOf, anyOf, type FieldValue, type Filter, MATCH_ALL } from '../log/filter.ts';
import { parseRequestId } from '../log/request-id.ts';
import { requestIdContains, requestIdStartsWith, searchFilter } from '../log/search.ts';
import { builder } from './builder.ts';
import { FILTER_LIMITS } from './limits.ts';
import { type Outcome, OutcomeEnum, outcomeFilter } from './outcome.ts';

const TEXT_OPERATORS = {
  contains: 'Contains this text. The text is literal; letters A-Z match in either case.',
  startsWith: 'Starts with this text. The text is literal; letters A-Z match in either case.',
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
) =>
  builder.inputType(name, {
    description: 'Conditions on one field. All given conditions must match.',
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

/** The `filter` argument: conditions by field, and the keys `and`, `or`, `not`, `outcome` and `search`. */
export type RequestLogFilterInput = { readonly [field: string]: unknown };

export const RequestLogFilterRef = builder.inputRef<RequestLogFilterInput>('RequestLogFilter');

RequestLogFilterRef.implement({
  description:
    'Selects logs. All given conditions must match; an empty filter matches every log. ' +
    `Limits: ${FILTER_LIMITS.conditions} conditions, ${FILTER_LIMITS.depth} levels of nesting, ` +
    `${FILTER_LIMITS.listLength} values in a list and ${FILTER_LIMITS.textLength} characters in a text.`,
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
    search: t.string({
      description:
        'The path or the request id contains this text. The text is literal; letters A-Z match in either case.',
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
  if (input === null || input === undefined) return MATCH_ALL;
  const budget = { conditions: FILTER_LIMITS.conditions };
  return readFilter(input, 'filter', 1, budget);
}

interface Budget {
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
  if (op === 'eq' || op === 'ne') return { op, field, value: fieldValue(field, operand, at) };
  if (operand === null)
    throw badInput(`${at} must not be null: to match a missing value, use eq or ne with null.`);
  switch (op) {
    case 'in':
    case 'notIn': {
      const values = operand as unknown[];
      if (values.length > FILTER_LIMITS.listLength) {
        throw badInput(
          `${at} has ${values.length} values; at most ${FILTER_LIMITS.listLength} are accepted.`,
        );
      }
      return { op, field, values: values.map((value) => fieldValue(field, value, at)) };
    }
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

/** Converts an operand to its stored form: times in Unix milliseconds, methods in upper case, request ids without prefix. */
function fieldValue(field: LogField, value: unknown, at: string): FieldValue {
  if (value instanceof Date) return value.getTime();
  if (typeof value !== 'string') return value as FieldValue;
  const text = checkedText(value, at);
  if (field === 'method') return upperCase(text);
  return field === 'requestId' ? parseRequestId(text) : text;
}

function checkedText(text: string, at: string): string {
  if (text.length <= FILTER_LIMITS.textLength) return text;
  throw badInput(`${at} has ${text.length} characters; at most ${FILTER_LIMITS.textLength} are accepted.`);
}
