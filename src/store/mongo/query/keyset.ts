import type { PageBound } from '../../../log/query.ts';
import type { SortField } from '../../../log/sort.ts';
import { firstInteger, type KeyBound, lastInteger } from '../../key-bounds.ts';
import { type LogFilter, oneOf, rangeOf } from './filter.ts';

/**
 * A range of sort keys that one conjunction describes, so the index scan has exact bounds at both ends. With an OR
 * (`k < x OR (k = x AND …)`), some engines read and sort the whole range, and others read every tie before the position.
 */
export interface KeyRange {
  /** Bounds on the sort key, both inclusive: every sort key is an integer. */
  readonly from: number;
  readonly to: number;
  /** Additional bounds on the tie-break keys. */
  readonly ties: readonly LogFilter[];
}

/** The keys of the total order: the sort field, then the tie-break keys. */
export function sortKeys(sort: SortField): string[] {
  return sort === 'createdAt' ? ['createdAt', '_id'] : [sort, 'createdAt', '_id'];
}

/** Splits the range between two bounds into key ranges, in ascending order: ties of a position are a separate range. */
export function keyRangesOf(sort: SortField, lower: KeyBound | null, upper: KeyBound | null): KeyRange[] {
  const low = lower?.kind === 'position' ? lower.position : null;
  const high = upper?.kind === 'position' ? upper.position : null;
  const from = firstInteger(lower, -Infinity);
  const to = lastInteger(upper, Infinity);
  if (sort === 'createdAt') {
    // An id starts with its time, so one bound on each of them is exact.
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
  ].filter((range) => range.from <= range.to);
}

/** The filters of a key range; a log must match all of them. */
export function keyRangeFilters(sort: SortField, { from, to, ties }: KeyRange): LogFilter[] {
  if (from === to) return [{ [sort]: oneOf(sort, [from]) }, ...ties];
  return [
    ...(from === -Infinity ? [] : [{ [sort]: rangeOf(sort, 'gte', from) }]),
    ...(to === Infinity ? [] : [{ [sort]: rangeOf(sort, 'lte', to) }]),
    ...ties,
  ];
}

function timeBound(position: PageBound | null, side: 'gte' | 'lte'): LogFilter[] {
  return position === null ? [] : [{ createdAt: rangeOf('createdAt', side, position.createdAt) }];
}

function idBound(position: PageBound | null, side: 'gt' | 'lt'): LogFilter[] {
  return position === null ? [] : [{ _id: { [position.inclusive ? `$${side}e` : `$${side}`]: position.id } }];
}
