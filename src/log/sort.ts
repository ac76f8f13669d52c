import { FIELDS } from './fields.ts';
import type { LogWith } from './request-log.ts';

export const SORT_FIELDS = ['createdAt', 'durationMs', 'statusCode'] as const;
export type SortField = (typeof SORT_FIELDS)[number];

export const DIRECTIONS = ['asc', 'desc'] as const;
export type Direction = (typeof DIRECTIONS)[number];

/** Stands for an unknown duration wherever an order is made: it sorts below 0. */
export const UNKNOWN_DURATION = FIELDS.durationMs.nullAs;

/** A place in an order: the sort key, then `createdAt` (which the id's time part repeats) and `id` as the tie-break. */
export interface Position {
  readonly sortValue: number;
  readonly createdAt: number;
  readonly id: string;
}

/** The place of a log in the order by `field`. */
export function positionOf<F extends SortField>(log: LogWith<F>, field: F): Position {
  const value: number | null = log[field];
  return { sortValue: value ?? UNKNOWN_DURATION, createdAt: log.createdAt, id: log.id };
}

/** Below 0 where `a` comes before `b` in ascending order. Total: only one and the same log gives 0. */
export function comparePositions(a: Position, b: Position): number {
  return a.sortValue - b.sortValue || a.createdAt - b.createdAt || (a.id < b.id ? -1 : a.id > b.id ? 1 : 0);
}

export function opposite(direction: Direction): Direction {
  return direction === 'asc' ? 'desc' : 'asc';
}
