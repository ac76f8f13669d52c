import type { LogField } from './fields.ts';
import type { Filter } from './filter.ts';
import type { Direction, Position, SortField } from './sort.ts';

/** The logs that a caller may read: those of one organization, within the retention window of its plan. */
export interface LogScope {
  readonly organizationId: string;
  /** Start of the retention window in Unix milliseconds, inclusive. Null: unlimited. */
  readonly visibleFrom: number | null;
}

/** Returns whether a log with this time, in Unix milliseconds, is within the retention window. */
export function isVisible(scope: LogScope, createdAt: number): boolean {
  return scope.visibleFrom === null || createdAt >= scope.visibleFrom;
}

/** The start or end of a page. */
export interface PageBound extends Position {
  /** Whether the log at this position belongs to the page. Default: false. */
  readonly inclusive?: boolean;
}

/** A query for one page of logs. All APIs and stores use this type. */
export interface LogQuery {
  readonly scope: LogScope;
  readonly filter: Filter;
  readonly sort: SortField;
  /** Applies to the sort field and to the tie-break. */
  readonly direction: Direction;
  /** The page begins after this position. */
  readonly after?: PageBound | undefined;
  /** The page ends before this position. */
  readonly before?: PageBound | undefined;
  /** Maximum number of logs, 1 or more. */
  readonly limit: number;
  /**
   * The fields to read, in addition to the id, the time and the sort field. Default: all. Other fields of the returned
   * logs have no meaningful values.
   */
  readonly fields?: readonly LogField[] | undefined;
}
