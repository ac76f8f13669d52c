import type { Filter } from '../../src/log/filter.ts';
import type { LogQuery, LogScope, PageBound } from '../../src/log/query.ts';
import type { RequestLog } from '../../src/log/request-log.ts';
import { comparePositions, positionOf } from '../../src/log/sort.ts';
import { matches } from './matches.ts';

/** The page that a store must return, computed in the simplest way. */
export function expectedPage(logs: readonly RequestLog[], query: LogQuery): RequestLog[] {
  const sign = query.direction === 'asc' ? 1 : -1;
  const compare = (a: PageBound, b: PageBound) => sign * comparePositions(a, b);
  return visibleMatches(logs, query.scope, query.filter)
    .map((log) => ({ log, position: positionOf(log, query.sort) }))
    .sort((a, b) => compare(a.position, b.position))
    .filter(
      ({ position }) => query.after === undefined || beyond(compare(position, query.after), query.after),
    )
    .filter(
      ({ position }) => query.before === undefined || beyond(-compare(position, query.before), query.before),
    )
    .slice(0, query.limit)
    .map(({ log }) => log);
}

export function expectedCount(logs: readonly RequestLog[], scope: LogScope, filter: Filter): number {
  return visibleMatches(logs, scope, filter).length;
}

/** The logs that match, in no particular order. */
export function visibleMatches(logs: readonly RequestLog[], scope: LogScope, filter: Filter): RequestLog[] {
  return logs.filter(
    (log) =>
      log.organizationId === scope.organizationId &&
      (scope.visibleFrom === null || log.createdAt >= scope.visibleFrom) &&
      matches(filter, log),
  );
}

function beyond(difference: number, bound: PageBound): boolean {
  return difference > 0 || (difference === 0 && bound.inclusive === true);
}
