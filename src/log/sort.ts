import { fieldOf, type SortableField } from './fields.ts';
import type { LogWith } from './request-log.ts';

export interface Sort {
  /** In GraphQL. */
  readonly name: string;
  readonly description: string;
  /** In cursors; a code is never given to another order, as clients keep cursors. */
  readonly codes: Readonly<Record<Direction, number>>;
}

/**
 * Each sort, by its key field, declared once; the tie-break is always `createdAt`, then `id`. How a store serves it is
 * `SORT_PATHS` in `store/access-path.ts`.
 */
export const SORTS = {
  createdAt: {
    name: 'CREATED_AT',
    description: 'When the request started.',
    codes: { asc: 0, desc: 1 },
  },
  durationMs: {
    name: 'DURATION_MS',
    description: 'Duration; a log without one sorts below 0.',
    codes: { asc: 2, desc: 3 },
  },
  statusCode: { name: 'STATUS_CODE', description: 'HTTP status code.', codes: { asc: 4, desc: 5 } },
} as const satisfies { readonly [F in SortableField]?: Sort };

export type SortField = keyof typeof SORTS;
export const SORT_FIELDS = Object.keys(SORTS) as readonly SortField[];

export const DIRECTIONS = ['asc', 'desc'] as const;
export type Direction = (typeof DIRECTIONS)[number];

/** What a log is ordered by: null has a place below every value. */
export function sortValueOf<F extends SortField>(log: LogWith<F>, field: F): number {
  const value: number | null = log[field];
  return value ?? fieldOf(field).nullAs!;
}

/** A place in an order: the sort key, then `createdAt` (which the id's time part repeats) and `id` as the tie-break. */
export interface Position {
  readonly sortValue: number;
  readonly createdAt: number;
  readonly id: string;
}

/** The place of a log in the order by `field`. */
export function positionOf<F extends SortField>(log: LogWith<F>, field: F): Position {
  return { sortValue: sortValueOf(log, field), createdAt: log.createdAt, id: log.id };
}

/** Below 0 where `a` comes before `b` in ascending order. Total: only one and the same log gives 0. */
export function comparePositions(a: Position, b: Position): number {
  return a.sortValue - b.sortValue || a.createdAt - b.createdAt || (a.id < b.id ? -1 : a.id > b.id ? 1 : 0);
}

export function opposite(direction: Direction): Direction {
  return direction === 'asc' ? 'desc' : 'asc';
}
