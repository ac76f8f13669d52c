import type { LogQuery, LogScope } from '../../log/query.ts';
import type { RequestLog } from '../../log/request-log.ts';
import { comparePositions, positionOf } from '../../log/sort.ts';
import type { Plan, Streams } from '../plan.ts';
import { filterOf, type LogFilter, oneOf } from './filter.ts';
import { edgeFilters, sortKeys } from './keyset.ts';

/** The values that the plan's streams fix; null where the plan has one stream that fixes nothing. */
export type StreamValues = readonly (string | number | null)[] | null;

/** One find as it is sent. */
export interface Find {
  readonly filter: LogFilter;
  readonly sort: Readonly<Record<string, 1 | -1>>;
  /** The index's name. */
  readonly hint: string;
  readonly limit: number;
}

/** The finds of one page, one for each stream; `mergedPage` makes the page of what they return. */
export function pageFinds(query: LogQuery, plan: Plan, values: StreamValues): Find[] {
  const sign = query.direction === 'asc' ? 1 : -1;
  const rest = {
    sort: Object.fromEntries(sortKeys(query.sort).map((key) => [key, sign] as const)),
    hint: plan.index.name,
    limit: query.limit,
  };
  const common = planFilters(query, plan);
  if (plan.streams === null || values === null) return [{ filter: { $and: common }, ...rest }];
  const { field } = plan.streams;
  return values.map((value) => ({
    filter: { $and: [...common, { [field]: oneOf(field, [value]) }] },
    ...rest,
  }));
}

/** The first logs of several streams in the order of the query. */
export function mergedPage(query: LogQuery, streams: readonly (readonly RequestLog[])[]): RequestLog[] {
  if (streams.length === 1) return [...streams[0]!];
  const sign = query.direction === 'asc' ? 1 : -1;
  return streams
    .flat()
    .map((log) => ({ log, position: positionOf(log, query.sort) }))
    .sort((a, b) => sign * comparePositions(a.position, b.position))
    .slice(0, query.limit)
    .map(({ log }) => log);
}

/** All that the plan's query matches, for counting: order does not matter, so streams are one condition. */
export function countFilter(query: LogQuery, plan: Plan): LogFilter {
  return {
    $and: [...planFilters(query, plan), ...(plan.streams === null ? [] : [streamFilter(plan.streams)])],
  };
}

/** Finds the lowest status code that exists from `from` on: one seek. */
export function nextStatusCode(scope: LogScope, from: number, to: number): Omit<Find, 'limit'> {
  return {
    filter: { organizationId: scope.organizationId, statusCode: { $gte: from, $lte: to } },
    sort: { statusCode: 1, createdAt: 1, _id: 1 },
    hint: 'status',
  };
}

function streamFilter(streams: Streams): LogFilter {
  return 'values' in streams
    ? { [streams.field]: oneOf(streams.field, streams.values) }
    : { statusCode: { $gte: streams.from, $lte: streams.to } };
}

function planFilters(query: LogQuery, plan: Plan): LogFilter[] {
  const { minStatusCode } = plan.index;
  return [
    { organizationId: query.scope.organizationId },
    ...(minStatusCode === undefined ? [] : [{ statusCode: { $gte: minStatusCode } }]),
    ...edgeFilters(query.sort, plan.lower, 'lower'),
    ...edgeFilters(query.sort, plan.upper, 'upper'),
    ...(plan.residual.op === 'true' ? [] : [filterOf(plan.residual)]),
  ];
}
