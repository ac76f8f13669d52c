import type { SortField } from '../../log/sort.ts';
import type { Edge } from '../plan.ts';
import { type LogFilter, rangeOf } from './filter.ts';

/** The keys of a total order: the sort field, then the tie-break. */
export function sortKeys(sort: SortField): string[] {
  return sort === 'createdAt' ? ['createdAt', '_id'] : [sort, 'createdAt', '_id'];
}

/** One edge of the part of an order that is read, as filters that all have to hold. */
export function edgeFilters(sort: SortField, edge: Edge | null, side: 'lower' | 'upper'): LogFilter[] {
  if (edge === null) return [];
  const beyond = side === 'lower' ? 'gt' : 'lt';
  if (edge.kind === 'value') {
    return [{ [sort]: rangeOf(sort, edge.inclusive ? `${beyond}e` : beyond, edge.value) }];
  }
  const { sortValue, createdAt, id, inclusive } = edge.position;
  const tie = { _id: { [inclusive ? `$${beyond}e` : `$${beyond}`]: id } };
  const place = sort === 'createdAt' ? [] : [[sort, sortValue] as const];
  return [...place, ['createdAt', new Date(createdAt)] as const].reduceRight<LogFilter[]>(
    (inner, [key, value]) => bounded(key, value, beyond, inner),
    [tie],
  );
}

/**
 * `key <= value AND (key < value OR (key = value AND inner))`: the first part, which the second implies, is what gives
 * an index its bound.
 */
function bounded(key: string, value: number | Date, beyond: 'gt' | 'lt', inner: LogFilter[]): LogFilter[] {
  return [
    { [key]: { [`$${beyond}e`]: value } },
    { $or: [{ [key]: { [`$${beyond}`]: value } }, { $and: [{ [key]: value }, ...inner] }] },
  ];
}
