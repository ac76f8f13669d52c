import type { Condition, ConditionValue, QueryField } from './condition.ts';
import { conditionsOfFilter } from './conditions-of-filter.ts';
import { readValue } from './field-value.ts';
import { parseToken } from './parse-token.ts';
import { print, printCondition } from './print-query.ts';
import type { RequestLogFilter } from './request-log-filter.ts';
import { syntaxFieldOf } from './syntax-fields.ts';
import { tokenize } from './tokenize.ts';

export type { QueryField } from './condition.ts';

/**
 * The text with the condition that the field has this value, in addition to the values that it already includes. If the text
 * excludes the value, it no longer does. Everything else in the text stays as it is written.
 *
 * @param value as the API's groups give it: `404`, `4xx`. Null: the field has no value.
 */
export function includeValue(text: string, field: QueryField, value: string | null): string {
  return withValue(text, field, value, false);
}

/** Like `includeValue`: the condition that the field does not have this value, in addition to those that it already excludes. */
export function excludeValue(text: string, field: QueryField, value: string | null): string {
  return withValue(text, field, value, true);
}

/**
 * The state of the URL that stands for a filter of the API: text as far as the syntax can express it, and the rest.
 *
 * The range of time is another part of the URL, so this leaves it out, where `withTime` and the filters of groups have it:
 * `createdAt` of the filter itself, or the last part of its `and` if that has nothing else. Set `range` if it differs.
 */
export function stateOfFilter(filter: RequestLogFilter): {
  readonly q: string;
  readonly filter: RequestLogFilter | null;
} {
  const { conditions, rest } = conditionsOfFilter(withoutRange(filter));
  return { q: print(conditions), filter: rest.length > 1 ? { and: rest } : (rest[0] ?? null) };
}

function withoutRange({ createdAt, ...filter }: RequestLogFilter): RequestLogFilter {
  const { and } = filter;
  if (createdAt != null || !Array.isArray(and)) return filter;
  const isRange = Object.keys(and.at(-1) ?? {}).join() === 'createdAt';
  return isRange ? { ...filter, and: and.slice(0, -1) } : filter;
}

/** A token as it is written, and its condition if it is valid. */
interface Part {
  readonly text: string;
  readonly condition: Condition | null;
  readonly isUnclosed: boolean;
}

function withValue(text: string, field: QueryField, value: string | null, isNegated: boolean): string {
  const read = value === null ? null : readValue(syntaxFieldOf(field), value);
  const isEquality = (part: Part, negated: boolean) =>
    part.condition?.field === field &&
    part.condition.operator === 'is' &&
    part.condition.isNegated === negated;
  const parts = partsOf(text).flatMap((part) =>
    isEquality(part, !isNegated) ? without(part, part.condition!, read) : [part],
  );
  // A value that the field cannot have is written on its own, so that only this part is not valid.
  const added = partOf({ field, operator: 'is', isNegated, values: [read === undefined ? value : read] });
  const holds = (part: Part) => isEquality(part, isNegated) && part.condition!.values.includes(read!);
  if (parts.some((part) => holds(part) || part.text === added.text)) return textOf(parts);
  const place = read === undefined ? -1 : parts.findIndex((part) => isEquality(part, isNegated));
  if (place !== -1) {
    const { condition } = parts[place]!;
    return textOf(parts.with(place, partOf({ ...condition!, values: [...condition!.values, read!] })));
  }
  // Nothing can follow a text in quotes that has no end.
  return textOf(parts.at(-1)?.isUnclosed ? [...parts.slice(0, -1), added, parts.at(-1)!] : [...parts, added]);
}

const partsOf = (text: string): readonly Part[] =>
  tokenize(text).map((token) => {
    const condition = parseToken(token);
    return {
      text: text.slice(token.start, token.end),
      condition: typeof condition === 'string' ? null : condition,
      isUnclosed: token.isUnclosed,
    };
  });

const partOf = (condition: Condition): Part => ({
  text: printCondition(condition),
  condition,
  isUnclosed: false,
});

function without(part: Part, condition: Condition, value: ConditionValue | undefined): readonly Part[] {
  const values = condition.values.filter((one) => one !== value);
  if (values.length === condition.values.length) return [part];
  return values.length === 0 ? [] : [partOf({ ...condition, values })];
}

const textOf = (parts: readonly Part[]) => parts.map(({ text }) => text).join(' ');
