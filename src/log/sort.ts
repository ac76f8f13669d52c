import { fieldOf, type SortableField } from './fields.ts';
import type { LogWith } from './request-log.ts';

export interface Sort {
  /** Name of the GraphQL enum value. */
  readonly name: string;
  readonly description: string;
  /** Code in cursors for each direction. Clients store cursors, so a code is never changed or reused. */
  readonly codes: Readonly<Record<Direction, number>>;
}

/**
 * Every sort by its key field, declared once. The tie-break is always `createdAt`, then `id`. Each store
 * must have an index for each sort (`store/indexes.ts`).
 */
export const SORTS = {
  createdAt: {
    name: 'CREATED_AT',
    description: 'When the request started.',
    codes: { asc: 0, desc: 1 },
  },
  durationMs: {
    name: 'DURATION_MS',
    description: 'Duration. Logs without a duration sort below 0.',
    codes: { asc: 2, desc: 3 },
  },
  statusCode: { name: 'STATUS_CODE', description: 'HTTP status code.', codes: { asc: 4, desc: 5 } },
} as const satisfies { readonly [F in SortableField]?: Sort };

export type SortField = keyof typeof SORTS;
export const SORT_FIELDS = Object.keys(SORTS) as readonly SortField[];

export const DIRECTIONS = ['asc', 'desc'] as const;
export type Direction = (typeof DIRECTIONS)[number];

/** The sort key of a log. Null sorts below every value. */
export function sortValueOf<F extends SortField>(log: LogWith<F>, field: F): number {
  const value: number | null = log[field];
  return value ?? fieldOf(field).nullSortKey!;
}

/** A position in a sort order: the sort key, then `createdAt` (also contained in the id) and `id` as the tie-break. */
export interface Position {
  readonly sortValue: number;
  readonly createdAt: number;
  readonly id: string;
}

/** The position of a log in the sort order by `field`. */
export function positionOf<F extends SortField>(log: LogWith<F>, field: F): Position {
  return { sortValue: sortValueOf(log, field), createdAt: log.createdAt, id: log.id };
}

/** Negative if `a` comes before `b` in ascending order, positive if after. A total order: 0 only for the same log. */
export function comparePositions(a: Position, b: Position): number {
  return a.sortValue - b.sortValue || a.createdAt - b.createdAt || (a.id < b.id ? -1 : a.id > b.id ? 1 : 0);
}

export function opposite(direction: Direction): Direction {
  return direction === 'asc' ? 'desc' : 'asc';
}
