import { lowerCase } from '../lib/text.ts';
import type { LogField } from './fields.ts';
import type { FieldValue, Filter, RangeOperator } from './filter.ts';

/*
 * Cursors contain a hash of this text, and clients store cursors: a change of the form of any filter makes the cursors of
 * that filter invalid.
 */

/**
 * Returns a filter as canonical JSON. Filters with the same text match the same logs, and so do filters that differ only
 * in the following: the order, repetition or nesting of parts; the order or repetition of the values of a list; a list
 * instead of single conditions; a negation outside instead of inside; `gt` and `lt` instead of `gte` and `lte`; the case of
 * the letters A-Z in `contains` and `startsWith`. The text is itself a filter.
 */
export function canonicalFilter(filter: Filter): string {
  return partOf(filter, false).text;
}

type Part =
  | { readonly op: 'and' | 'or'; readonly parts: readonly Part[]; readonly text: string }
  | { readonly op: 'leaf'; readonly text: string };

function partOf(filter: Filter, negated: boolean): Part {
  switch (filter.op) {
    case 'and':
    case 'or':
      return group(
        negated ? OPPOSITE[filter.op] : filter.op,
        filter.filters.map((part) => partOf(part, negated)),
      );
    case 'not':
      return partOf(filter.filter, !negated);
    case 'eq':
    case 'ne':
      return oneOf(filter.field, [filter.value], (filter.op === 'ne') !== negated);
    case 'in':
    case 'notIn':
      return oneOf(filter.field, filter.values, (filter.op === 'notIn') !== negated);
    case 'contains':
    case 'startsWith':
      return leaf(filter.op, filter.field, lowerCase(filter.value), negated);
    default:
      return leaf(...INCLUSIVE[filter.op](filter.value, filter.field), negated);
  }
}

const OPPOSITE = { and: 'or', or: 'and' } as const;

function group(op: 'and' | 'or', parts: readonly Part[]): Part {
  const flat = parts.flatMap((part) => (part.op === op ? part.parts : [part]));
  // An empty `or` matches nothing and an empty `and` everything, which decides the group that it is in.
  const decisive = flat.find((part) => part.op === OPPOSITE[op] && part.parts.length === 0);
  if (decisive !== undefined) return decisive;
  const distinct = [...new Map(flat.map((part) => [part.text, part])).values()];
  if (distinct.length === 1) return distinct[0]!;
  distinct.sort((a, b) => (a.text < b.text ? -1 : 1));
  return {
    op,
    parts: distinct,
    text: `{"op":"${op}","filters":[${distinct.map(({ text }) => text).join()}]}`,
  };
}

function oneOf(field: LogField, values: readonly FieldValue[], negated: boolean): Part {
  const parts = values.map((value) => leaf(negated ? 'ne' : 'eq', field, value, false));
  return group(negated ? 'and' : 'or', parts);
}

/** Numbers are integers, so every range has inclusive bounds. */
const INCLUSIVE: Readonly<
  Record<RangeOperator, (value: number, field: LogField) => ['gte' | 'lte', LogField, number]>
> = {
  gt: (value, field) => ['gte', field, Math.floor(value) + 1],
  gte: (value, field) => ['gte', field, Math.ceil(value)],
  lt: (value, field) => ['lte', field, Math.ceil(value) - 1],
  lte: (value, field) => ['lte', field, Math.floor(value)],
};

function leaf(op: Filter['op'], field: LogField, value: FieldValue, negated: boolean): Part {
  const text = `{"op":"${op}","field":"${field}","value":${JSON.stringify(value)}}`;
  return { op: 'leaf', text: negated ? `{"op":"not","filter":${text}}` : text };
}
