import type { Condition, ConditionOperator, ConditionValue } from './condition.ts';
import { isOrdered, isStatusCode, readApiValue } from './field-value.ts';
import { isObject } from './filter-parts.ts';
import { isBefore } from './parse-token.ts';
import type { RequestLogFilter } from './request-log-filter.ts';
import { SYNTAX_FIELDS, type SyntaxField } from './syntax-fields.ts';

/** A filter as conditions of the typed syntax. `rest` are the filters that also must match and that it cannot express. */
export interface Expressed {
  readonly conditions: readonly Condition[];
  readonly rest: readonly RequestLogFilter[];
}

type Parts = Readonly<Record<string, unknown>>;

/** Divides a filter into what the typed syntax can express and the rest. */
export function conditionsOfFilter(filter: RequestLogFilter): Expressed {
  return join(
    Object.entries(filter)
      .filter(([, value]) => value !== undefined)
      .map(([name, value]) => expressPart(name, value)),
  );
}

const join = (parts: readonly Expressed[]): Expressed => ({
  conditions: parts.flatMap(({ conditions }) => conditions),
  rest: parts.flatMap(({ rest }) => rest),
});

const expressed = (...conditions: readonly Condition[]): Expressed => ({ conditions, rest: [] });

function expressPart(name: string, value: unknown): Expressed {
  const rest: Expressed = { conditions: [], rest: [{ [name]: value }] };
  if (name === 'and')
    return Array.isArray(value) ? join(value.filter(isObject).map(conditionsOfFilter)) : rest;
  if (name === 'or') {
    const outcomes = Array.isArray(value) ? value.map(outcomeOf) : [];
    if (outcomes.length < 2 || outcomes.includes(undefined)) return rest;
    return expressed(condition('outcome', 'is', outcomes as string[]));
  }
  if (name === 'not') {
    const { conditions, rest: more } = conditionsOfFilter(isObject(value) ? value : {});
    const [only, ...others] = conditions;
    if (only === undefined || others.length > 0 || more.length > 0) return rest;
    return expressed({ ...only, isNegated: !only.isNegated });
  }
  if (name === 'search')
    return typeof value === 'string' ? expressed(condition(name, 'contains', [value])) : rest;
  if (name === 'outcome') {
    const outcome = outcomeOf({ outcome: value });
    return outcome === undefined ? rest : expressed(condition(name, 'is', [outcome]));
  }
  const field = SYNTAX_FIELDS.find((one) => one.field === name);
  return field !== undefined && isObject(value) ? expressField(field, value) : rest;
}

const OUTCOME = SYNTAX_FIELDS.find(({ field }) => field === 'outcome')!;

const outcomeOf = (filter: unknown): string | undefined => {
  if (!isObject(filter) || Object.keys(filter).join() !== 'outcome') return undefined;
  const value = readApiValue(OUTCOME, filter.outcome);
  return value === filter.outcome ? (value as string | undefined) : undefined;
};

const condition = (
  field: Condition['field'],
  operator: ConditionOperator,
  values: readonly ConditionValue[],
  isNegated = false,
): Condition => ({ field, operator, isNegated, values });

function expressField(field: SyntaxField, operations: Parts): Expressed {
  const { gte, lte, ...others } = operations;
  const range = isOrdered(field) ? [readApiValue(field, gte), readApiValue(field, lte)] : [];
  const isRange = range.every((bound) => bound !== undefined && bound !== null) && range.length === 2;
  if (isRange && !isBefore(range[1]!, range[0]!)) {
    const { conditions, rest } = expressField(field, others);
    return { conditions: [condition(field.field, 'range', range as ConditionValue[]), ...conditions], rest };
  }
  return join(
    Object.entries(operations)
      .filter(([, operand]) => operand !== undefined)
      .map(([operator, operand]) => {
        const one = operationOf(field, operator, operand);
        return one === undefined
          ? { conditions: [], rest: [{ [field.field]: { [operator]: operand } }] }
          : expressed(one);
      }),
  );
}

const EQUALITY: readonly string[] = ['eq', 'ne', 'in', 'notIn'];
const COMPARISON: readonly string[] = ['gt', 'gte', 'lt', 'lte'];
const TEXT: readonly string[] = ['contains', 'startsWith'];

function operationOf(field: SyntaxField, operator: string, operand: unknown): Condition | undefined {
  const isNegated = operator === 'ne' || operator === 'notIn';
  if (EQUALITY.includes(operator)) {
    const isList = operator === 'in' || operator === 'notIn';
    if (isList !== Array.isArray(operand)) return undefined;
    const values = (isList ? (operand as unknown[]) : [operand]).map((one) => readApiValue(field, one));
    if (values.length === 0 || values.includes(undefined)) return undefined;
    const isCode = (value: unknown) => value === null || isStatusCode(value as number);
    if (field.field === 'statusCode' && !values.every(isCode)) return undefined;
    return condition(field.field, 'is', values as ConditionValue[], isNegated);
  }
  if (TEXT.includes(operator) && field.kind === 'text' && typeof operand === 'string')
    return condition(field.field, operator as ConditionOperator, [operand]);
  const value = readApiValue(field, operand);
  if (!COMPARISON.includes(operator) || !isOrdered(field) || value === undefined || value === null)
    return undefined;
  return condition(field.field, operator as ConditionOperator, [value]);
}
