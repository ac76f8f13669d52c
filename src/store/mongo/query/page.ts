import type { LogQuery, LogScope } from '../../../log/query.ts';
import type { RequestLog } from '../../../log/request-log.ts';
import { comparePositions, positionOf } from '../../../log/sort.ts';
import type { FilterPlan, KeyBound, PagePlan, Streams, StreamValues } from '../../access-path.ts';
import { LOG_INDEXES } from '../../indexes.ts';
import type { Connection } from '../connection.ts';
import { filterOf, type LogFilter, oneOf } from './filter.ts';
import { type KeyRange, keyRangeFilters, keyRangesOf, sortKeys } from './keyset.ts';
import { allEnded, together } from './together.ts';

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
 * The finds of one page, in steps. The results of a step are merged; those of the next one follow them, if the page is not full yet.
 *
 * @param values the values of the plan's streams; not needed if these are in the order of the page.
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
  if (plan.streams?.field === query.sort) {
    const sets = valueSets(plan.streams);
    return ordered.flatMap(({ from, to, ties }) => {
      const inRange = sets.map((set) => set.filter((value) => from <= value && value <= to));
      const finds = inRange
        .filter((set) => set.length > 0)
        .map((set) => [
          find({ from: -Infinity, to: Infinity, ties }, [{ [query.sort]: oneOf(query.sort, set) }]),
        ]);
      return sign === 1 ? finds : finds.reverse();
    });
  }
  const field = plan.streams?.field;
  const streams = field && values ? values.map((value) => [{ [field]: oneOf(field, [value]) }]) : [[]];
  return ordered.map((range) => streams.map((stream) => find(range, stream)));
}

/** Returns whether a page needs the values of the plan's streams: their results must be merged. */
export function needsValues({ streams, key }: PagePlan): boolean {
  return streams !== null && streams.field !== key;
}

/**
 * The values of streams that follow each other, in ascending order. Each set is read by one find: with a set of values instead of a
 * range, the index scan has exact bounds for the keys after it too. All values of a status class are a set, whether they exist or
 * not: looking for those that do costs more commands.
 */
function valueSets(streams: Streams): number[][] {
  if ('values' in streams) return [(streams.values as number[]).toSorted((a, b) => a - b)];
  const { from, to } = streams;
  const all = Array.from({ length: to - from + 1 }, (_, i) => from + i);
  return [...Map.groupBy(all, (value) => Math.floor(value / 100)).values()];
}

/** The fields that the server returns of each document; `_id` is always included. */
export type Projection = Readonly<Record<string, 0 | 1>>;

/** The projection for the fields of a query and those that `logFromDocument` needs. */
export function projectionOf({ fields, sort }: LogQuery): Projection {
  if (fields === undefined) return {};
  return Object.fromEntries(['organizationId', 'createdAt', sort, ...fields].map((name) => [name, 1]));
}

/**
 * Runs the steps of a page until it is full: first one, then, if it is not, two together, then four, as far as `reserve` permits. So
 * it reads at most a few times the missing rows. Each step is limited to them.
 */
export async function readSteps(
  query: LogQuery,
  steps: readonly (readonly Find[])[],
  { read, reserve }: PageReads,
): Promise<RequestLog[]> {
  const page: RequestLog[] = [];
  let at = 0;
  for (let width = 1; at < steps.length && page.length < query.limit; width *= 2) {
    const limit = query.limit - page.length;
    const limited = steps.slice(at, at + width).map((step) => step.map((find) => ({ ...find, limit })));
    const [first] = limited as [Find[]];
    if (first.length > 1 || limited.length === 1) {
      page.push(...mergedPage({ ...query, limit }, await together(reserve, first, read)));
      at++;
      continue;
    }
    using reservation = reserve(limited.length);
    const finds = limited.slice(0, reservation.count).flat();
    for (const logs of await allEnded(finds.map(read)))
      page.push(...logs.slice(0, query.limit - page.length));
    at += finds.length;
  }
  return page;
}

/** How the finds of a page are run. */
export interface PageReads {
  read(find: Find): Promise<RequestLog[]>;
  readonly reserve: Connection['reserve'];
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

/** Finds the lowest existing status code from `from` on, with one index seek. */
export function nextStatusCode(scope: LogScope, from: number, to: number): Omit<Find, 'limit'> {
  return {
    filter: { organizationId: scope.organizationId, statusCode: { $gte: from, $lte: to } },
    sort: { statusCode: 1, createdAt: 1, _id: 1 },
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
