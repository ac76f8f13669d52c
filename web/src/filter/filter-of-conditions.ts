import type { Condition } from './condition.ts';
import type { RequestLogFilter } from './request-log-filter.ts';

/** Any filter, by name. */
type Parts = Record<string, unknown>;

/** The filter of the API that matches if all conditions match. Conditions on one field share an object if they can. */
export function filterOfConditions(conditions: readonly Condition[]): RequestLogFilter {
  const merged: Parts = {};
  const others: Parts[] = [];
  for (const part of conditions.map(filterOf)) {
    const [name, value] = Object.entries(part)[0]!;
    if (merged[name] === undefined) merged[name] = value;
    else if (canMerge(name, merged[name] as Parts, value as Parts))
      merged[name] = { ...merged[name], ...(value as Parts) };
    else others.push(part);
  }
  return (others.length === 0 ? merged : { ...merged, and: others }) as RequestLogFilter;
}

const UNMERGEABLE: readonly string[] = ['search', 'outcome', 'or', 'not'];

const canMerge = (name: string, a: Parts, b: Parts) =>
  !UNMERGEABLE.includes(name) && Object.keys(b).every((operator) => !Object.hasOwn(a, operator));

/** One condition as an object with one key. */
function filterOf({ field, operator, isNegated, values }: Condition): Parts {
  if (operator === 'is' && field !== 'outcome') {
    if (values.length === 1) return { [field]: { [isNegated ? 'ne' : 'eq']: values[0] } };
    return { [field]: { [isNegated ? 'notIn' : 'in']: values } };
  }
  const filter = positiveFilterOf(field, operator, values);
  return isNegated ? { not: filter } : filter;
}

function positiveFilterOf(
  field: Condition['field'],
  operator: Condition['operator'],
  values: Condition['values'],
): Parts {
  if (field === 'search') return { search: values[0] };
  if (field === 'outcome') {
    const outcomes = values.map((outcome) => ({ outcome }));
    return outcomes.length === 1 ? outcomes[0]! : { or: outcomes };
  }
  if (operator === 'range') return { [field]: { gte: values[0], lte: values[1] } };
  return { [field]: { [operator]: values[0] } };
}
