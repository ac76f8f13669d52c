import type { PageBound } from '../../../log/query.ts';
import type { SortField } from '../../../log/sort.ts';
import type { KeyBound } from '../../access-path.ts';
import { type LogFilter, oneOf, rangeOf } from './filter.ts';

/**
 * A part of an order that one plain AND describes, so that the index has exact bounds at both ends. With an OR
 * (`k < x OR (k = x AND …)`) some engines read and sort all of it, and others read every tie before the place.
 */
export interface Stretch {
  /** Bounds on the sort key, both inclusive: every sort key is a whole number. */
  readonly from: number;
  readonly to: number;
  /** Bounds on the tie-break that hold besides. */
  readonly ties: readonly LogFilter[];
}

/** The keys of a total order: the sort field, then the tie-break. */
export function sortKeys(sort: SortField): string[] {
  return sort === 'createdAt' ? ['createdAt', '_id'] : [sort, 'createdAt', '_id'];
}

/** What lies between two edges, as stretches in ascending order: next to a place its ties, then what is beyond them. */
export function stretchesOf(sort: SortField, lower: KeyBound | null, upper: KeyBound | null): Stretch[] {
  const low = lower?.kind === 'position' ? lower.position : null;
  const high = upper?.kind === 'position' ? upper.position : null;
  const from = firstWhole(lower);
  const to = lastWhole(upper);
  if (sort === 'createdAt') {
    // An id begins with its time, so that one bound on each is the place exactly.
    return [{ from, to, ties: [...idBound(low, 'gt'), ...idBound(high, 'lt')] }];
  }
  const lowTies = [...timeBound(low, 'gte'), ...idBound(low, 'gt')];
  const highTies = [...timeBound(high, 'lte'), ...idBound(high, 'lt')];
  if (low !== null && low.sortValue === high?.sortValue)
    return [{ from, to, ties: [...lowTies, ...highTies] }];
  const beyondLow = low === null ? from : from + 1;
  const beyondHigh = high === null ? to : to - 1;
  return [
    ...(low === null ? [] : [{ from, to: Math.min(from, to), ties: lowTies }]),
    { from: beyondLow, to: beyondHigh, ties: [] },
    ...(high === null ? [] : [{ from: Math.max(from, to), to, ties: highTies }]),
  ].filter((stretch) => stretch.from <= stretch.to);
}

/** A stretch as filters that all hold. */
export function stretchFilters(sort: SortField, { from, to, ties }: Stretch): LogFilter[] {
  if (from === to) return [{ [sort]: oneOf(sort, [from]) }, ...ties];
  return [
    ...(from === -Infinity ? [] : [{ [sort]: rangeOf(sort, 'gte', from) }]),
    ...(to === Infinity ? [] : [{ [sort]: rangeOf(sort, 'lte', to) }]),
    ...ties,
  ];
}

function timeBound(place: PageBound | null, side: 'gte' | 'lte'): LogFilter[] {
  return place === null ? [] : [{ createdAt: rangeOf('createdAt', side, place.createdAt) }];
}

function idBound(place: PageBound | null, side: 'gt' | 'lt'): LogFilter[] {
  return place === null ? [] : [{ _id: { [place.inclusive ? `$${side}e` : `$${side}`]: place.id } }];
}

function firstWhole(edge: KeyBound | null): number {
  if (edge === null) return -Infinity;
  if (edge.kind === 'position') return edge.position.sortValue;
  return edge.inclusive ? Math.ceil(edge.value) : Math.floor(edge.value) + 1;
}

function lastWhole(edge: KeyBound | null): number {
  if (edge === null) return Infinity;
  if (edge.kind === 'position') return edge.position.sortValue;
  return edge.inclusive ? Math.floor(edge.value) : Math.ceil(edge.value) - 1;
}
