import type { LogQuery, LogScope } from '../../../log/query.ts';
import type { RequestLog } from '../../../log/request-log.ts';
import { comparePositions, type Direction, positionOf } from '../../../log/sort.ts';
import type { FilterPlan, KeyBound, PagePlan, Streams, StreamValues } from '../../access-path.ts';
import { LOG_INDEXES } from '../../indexes.ts';
import { filterOf, type LogFilter, oneOf } from './filter.ts';
import { type KeyRange, keyRangeFilters, keyRangesOf, sortKeys } from './keyset.ts';

/** One find command. */
export interface Find {
  readonly filter: LogFilter;
  readonly sort: Readonly<Record<string, 1 | -1>>;
  /** The name of the index. */
  readonly hint: string;
  /** The limit of the whole page; `readSteps` reduces it for later steps. */
  readonly limit: number;
}

/**
 * The finds of one page, in steps. The results of a step are merged; the next step runs only if the page is not full yet.
 *
 * @param values the values of the plan's streams.
 */
export function pageSteps(query: LogQuery, plan: PagePlan, values: StreamValues): Find[][] {
  const sign = query.direction === 'asc' ? 1 : -1;
  // With a unique index, each stream has at most one log. Some engines would sort it anyway, so no sort is sent.
  const keys = plan.index.unique ? [] : sortKeys(query.sort);
  const sort = Object.fromEntries(keys.map((key) => [key, sign] as const));
  const find = (range: KeyRange, stream: LogFilter[]): Find => ({
    filter: {
      $and: [...commonFilters(query.scope, plan), ...stream, ...keyRangeFilters(query.sort, range)],
    },
    sort,
    hint: plan.index.name,
    limit: query.limit,
  });
  const ranges = keyRangesOf(query.sort, plan.lower, plan.upper);
  const ordered = query.direction === 'asc' ? ranges : ranges.reverse();
  if (plan.streams?.field === query.sort && values !== null) {
    return ordered.flatMap((range) =>
      (values as number[])
        .filter((value) => range.from <= value && value <= range.to)
        .sort((a, b) => sign * (a - b))
        .map((value) => [find({ ...range, from: value, to: value }, [])]),
    );
  }
  const field = plan.streams?.field;
  const streams = field && values ? values.map((value) => [{ [field]: oneOf(field, [value]) }]) : [[]];
  return ordered.map((range) => streams.map((stream) => find(range, stream)));
}

/** The fields that the server returns of each document; `_id` is always included. */
export type Projection = Readonly<Record<string, 0 | 1>>;

/** The projection for the fields of a query and those that `logFromDocument` needs. */
export function projectionOf({ fields, sort }: LogQuery): Projection {
  if (fields === undefined) return {};
  return Object.fromEntries(['organizationId', 'createdAt', sort, ...fields].map((name) => [name, 1]));
}

/**
 * Runs the steps of a page until it is full. Each step is limited to the missing rows.
 *
 * @param read runs the finds of a step and returns the result of each, in their order.
 */
export async function readSteps(
  query: LogQuery,
  steps: readonly (readonly Find[])[],
  read: (finds: readonly Find[]) => Promise<RequestLog[][]>,
): Promise<RequestLog[]> {
  const page: RequestLog[] = [];
  for (const step of steps) {
    const limit = query.limit - page.length;
    if (limit === 0) break;
    const streams = await read(step.map((find) => ({ ...find, limit })));
    page.push(...mergedPage({ ...query, limit }, streams));
  }
  return page;
}

/** Merges streams and returns the first logs in the order of the query. */
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

/** The filter for a count. The order does not matter, so all streams are one condition. */
export function countFilter(scope: LogScope, plan: FilterPlan): LogFilter {
  const [range] = keyRangesOf(plan.key, plan.lower, plan.upper);
  const streams = plan.streams === null ? [] : [streamsFilter(plan.streams)];
  return { $and: [...commonFilters(scope, plan), ...streams, ...keyRangeFilters(plan.key, range!)] };
}

/** Finds the lowest existing status code of a range, or the highest one, with one index seek. */
export function nextStatusCode(
  scope: LogScope,
  from: number,
  to: number,
  direction: Direction = 'asc',
): Omit<Find, 'limit'> {
  const sign = direction === 'asc' ? 1 : -1;
  return {
    filter: { organizationId: scope.organizationId, statusCode: { $gte: from, $lte: to } },
    sort: { statusCode: sign, createdAt: sign, _id: sign },
    hint: LOG_INDEXES.status.name,
  };
}

function streamsFilter(streams: Streams): LogFilter {
  return 'values' in streams
    ? { [streams.field]: oneOf(streams.field, streams.values) }
    : { statusCode: { $gte: streams.from, $lte: streams.to } };
}

function commonFilters({ organizationId }: LogScope, plan: FilterPlan<KeyBound>): LogFilter[] {
  const { minStatusCode } = plan.index;
  return [
    { organizationId },
    ...(minStatusCode === undefined ? [] : [{ statusCode: { $gte: minStatusCode } }]),
    ...(plan.residual.op === 'true' ? [] : [filterOf(plan.residual)]),
  ];
}
