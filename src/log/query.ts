import type { LogField } from './fields.ts';
import type { Filter } from './filter.ts';
import type { Direction, Position, SortField } from './sort.ts';

/** What a caller may see at all: one organization, and of it what its plan still keeps. */
export interface LogScope {
  readonly organizationId: string;
  /** Unix milliseconds, inclusive; logs before it are out of sight. Null: no bound. */
  readonly visibleFrom: number | null;
}

/** Whether a log of this time is in sight. */
export function isVisible(scope: LogScope, createdAt: number): boolean {
  return scope.visibleFrom === null || createdAt >= scope.visibleFrom;
}

/** The edge of a page; `inclusive` where the log at that place belongs to the page. */
export interface PageBound extends Position {
  readonly inclusive?: boolean;
}

/** One page of logs: what every API asks and every store answers. */
export interface LogQuery {
  readonly scope: LogScope;
  readonly filter: Filter;
  readonly sort: SortField;
  /** The page is read in this direction; the tie-break follows it. */
  readonly direction: Direction;
  /** The page begins after this place. */
  readonly after?: PageBound | undefined;
  /** The page ends before this place. */
  readonly before?: PageBound | undefined;
  /** At most this many logs, 1 or more. */
  readonly limit: number;
  /** What is read of each log, besides its id, its time and its place in the order; all unless given. The rest says nothing. */
  readonly fields?: readonly LogField[] | undefined;
}
