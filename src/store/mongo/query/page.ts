import type { LogQuery, LogScope } from '../../../log/query.ts';
import type { RequestLog } from '../../../log/request-log.ts';
import { comparePositions, positionOf } from '../../../log/sort.ts';
import type { FilterPlan, KeyBound, PagePlan, StreamKey, StreamValues } from '../../access-path.ts';
import { MONGO_INDEXES } from '../../indexes.ts';
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
 * @param streams the values of each stream.
 */
export function pageSteps(query: LogQuery, plan: PagePlan, streams: readonly StreamValues[]): Find[][] {
  const sign = query.direction === 'asc' ? 1 : -1;
  // With a unique index, each stream has at most one log. Some engines would sort it anyway, so no sort is sent.
  const sort = plan.index.unique ? {} : sortOf(query);
  const find = (range: KeyRange, stream: LogFilter[]): Find => ({
    filter: {
      $and: [...commonFilters(query.scope, plan), ...stream, ...keyRangeFilters(query.sort, range)],
    },
    sort,
    hint: plan.index.name,
    limit: query.limit,
  });
  const ordered = rangesOf(query, plan);
  const [key] = plan.streams;
  if (key === undefined) return ordered.map((range) => [find(range, [])]);
  const values = streams.map(([value]) => value!);
  if (key.field === query.sort) {
    return ordered.flatMap((range) =>
      (values as number[])
        .filter((value) => range.from <= value && value <= range.to)
        .sort((a, b) => sign * (a - b))
        .map((value) => [find({ ...range, from: value, to: value }, [])]),
    );
  }
  return ordered.map((range) => values.map((value) => find(range, [fixedFilter(key, value)])));
}

/** The find of a page that reads every log of the window of a plan, and sorts them in the server. */
export function scanFind(query: LogQuery, page: PagePlan, plan: FilterPlan): Find {
  const ranges = rangesOf(query, page).map((range) => ({ $and: keyRangeFilters(query.sort, range) }));
  const isWhole = ranges.some(({ $and }) => $and.length === 0);
  return {
    filter: { $and: [countFilter(query.scope, plan), ...(isWhole ? [] : [{ $or: ranges }])] },
    sort: sortOf(query),
    hint: plan.index.name,
    limit: query.limit,
  };
}

function sortOf({ sort, direction }: LogQuery): Find['sort'] {
  return Object.fromEntries(sortKeys(sort).map((key) => [key, direction === 'asc' ? 1 : -1] as const));
}

/** The ranges of the sort key within the bounds of a page, in its order. */
function rangesOf({ sort, direction }: LogQuery, { lower, upper }: PagePlan): KeyRange[] {
  const ranges = keyRangesOf(sort, lower, upper);
  return direction === 'asc' ? ranges : ranges.reverse();
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
  return {
    $and: [
      ...commonFilters(scope, plan),
      ...plan.streams.map(streamsFilter),
      ...keyRangeFilters(plan.key, range!),
    ],
  };
}

/** Finds the lowest existing status code from `from` on, with one index seek. */
export function nextStatusCode(scope: LogScope, from: number, to: number): Omit<Find, 'limit'> {
  return {
    filter: { organizationId: scope.organizationId, statusCode: { $gte: from, $lte: to } },
    sort: { statusCode: 1, createdAt: 1, _id: 1 },
    hint: MONGO_INDEXES.status.name,
  };
}

function streamsFilter(key: StreamKey): LogFilter {
  if (key.field === 'timeBlock') throw new Error('No index of MongoDB has time blocks.');
  return 'values' in key
    ? { [key.field]: oneOf(key.field, key.values) }
    : { [key.field]: { $gte: key.from, $lte: key.to } };
}

function fixedFilter({ field }: StreamKey, value: StreamValues[number]): LogFilter {
  return streamsFilter({ field, values: [value] } as StreamKey);
}

function commonFilters({ organizationId }: LogScope, plan: FilterPlan<KeyBound>): LogFilter[] {
  const { minStatusCode } = plan.index;
  const { window } = plan;
  const [times] = window === null ? [] : keyRangesOf('createdAt', window.lower, window.upper);
  return [
    { organizationId },
    ...(times === undefined ? [] : keyRangeFilters('createdAt', times)),
    ...(minStatusCode === undefined ? [] : [{ statusCode: { $gte: minStatusCode } }]),
    ...(plan.residual.op === 'true' ? [] : [filterOf(plan.residual)]),
  ];
}
