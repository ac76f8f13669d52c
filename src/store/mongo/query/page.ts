import type { LogQuery, LogScope, PageBound } from '../../../log/query.ts';
import type { RequestLog } from '../../../log/request-log.ts';
import { comparePositions, positionOf } from '../../../log/sort.ts';
import type { FilterPlan, PagePlan, StreamValues } from '../../access-path.ts';
import type { StreamKey } from '../../index-path.ts';
import { MONGO_INDEXES } from '../../indexes.ts';
import type { KeyBound } from '../../key-bounds.ts';
import { MONGO_PATHS } from '../access-paths.ts';
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
 * @param streams the values of each stream; not needed if these are in the order of the page.
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
  if (key.field === query.sort) {
    const sets = valueSets(key);
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
  const values = streams.map(([value]) => value!);
  return ordered.map((range) => values.map((value) => find(range, [fixedFilter(key, value)])));
}

/** Returns whether a page needs the values of the plan's streams: their results must be merged. */
export function needsValues({ streams: [first], key }: PagePlan): boolean {
  return first !== undefined && first.field !== key;
}

/**
 * The values of streams that follow each other, in ascending order. Each set is read by one find: with a set of values instead of a
 * range, the index scan has exact bounds for the keys after it too. All values of a status class are a set, whether they exist or
 * not: looking for those that do costs more commands.
 */
function valueSets(streams: StreamKey): number[][] {
  if ('values' in streams) return [(streams.values as number[]).toSorted((a, b) => a - b)];
  return [...Map.groupBy(integersIn(streams), (value) => Math.floor(value / 100)).values()];
}

/** All integers of a range, both ends inclusive. */
function integersIn({ from, to }: { readonly from: number; readonly to: number }): number[] {
  return Array.from({ length: Math.max(0, to - from + 1) }, (_, i) => from + i);
}

/**
 * The find of a page that reads every log of the window of a plan, and sorts them in the server. Null if no log can be within the
 * bounds of the page.
 */
export function scanFind(query: LogQuery, page: PagePlan, plan: FilterPlan): Find | null {
  const ranges = rangesOf(query, page).map((range) => ({ $and: keyRangeFilters(query.sort, range) }));
  if (ranges.length === 0) return null;
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
 * Reads a page: from its streams, if all of them are merged at once, else in steps.
 *
 * @param streams see `pageSteps`.
 */
export async function readPage(
  query: LogQuery,
  plan: PagePlan,
  streams: readonly StreamValues[],
  reads: PageReads,
): Promise<RequestLog[]> {
  const steps = pageSteps(query, plan, streams);
  const [finds = []] = steps;
  const share = shareOf(query, finds.length);
  if (steps.length !== 1 || share === query.limit) return readSteps(query, steps, reads);
  return readShares(query, finds, share, reads, (i, after) => {
    const rest = { ...query, limit: query.limit - share, after };
    return readSteps(rest, pageSteps(rest, MONGO_PATHS.planPage(rest), [streams[i]!]), reads);
  });
}

/**
 * The rows that each stream returns first: an even share of the page and two standard deviations, or more, if all of them and the rest
 * of one stream are three times the page. It is the whole page for three streams or fewer.
 */
function shareOf({ limit }: LogQuery, streams: number): number {
  const even = limit / streams;
  const ofThreePages = (2 * limit) / (streams - 1);
  return Math.min(limit, Math.ceil(Math.max(even + 2 * Math.sqrt(even), ofThreePages)));
}

/**
 * Merges streams of which each returns a share of the page first. The rest of a stream is read only if the page can have more of its
 * logs: it has all that the stream returned.
 *
 * @param readRest reads the logs of a stream after a position.
 */
async function readShares(
  query: LogQuery,
  finds: readonly Find[],
  share: number,
  { read, reserve }: PageReads,
  readRest: (stream: number, after: PageBound) => Promise<RequestLog[]>,
): Promise<RequestLog[]> {
  const shares = await together(reserve, finds, (find) => read({ ...find, limit: share }));
  const page = mergedPage(query, shares);
  const onPage = new Set(page);
  const open = shares.flatMap((logs, i) => (logs.length === share && onPage.has(logs.at(-1)!) ? [i] : []));
  if (open.length === 0) return page;
  const rests = await together(reserve, open, (i) => readRest(i, positionOf(shares[i]!.at(-1)!, query.sort)));
  return mergedPage(query, [...shares, ...rests]);
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

/**
 * The filter for a count. The order does not matter, so all streams are one condition. A range of status codes is a set, if bounds on
 * the time follow it in the index: with a range, DocumentDB visits its entries of all times.
 */
export function countFilter(scope: LogScope, plan: FilterPlan): LogFilter {
  const [range] = keyRangesOf(plan.key, plan.lower, plan.upper);
  const hasBounds = plan.lower !== null || plan.upper !== null;
  return {
    $and: [
      ...commonFilters(scope, plan),
      ...plan.streams.map((key) => streamsFilter(hasBounds ? withSet(key) : key)),
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

function withSet(key: StreamKey): StreamKey {
  return key.field === 'statusCode' && 'from' in key ? { field: key.field, values: integersIn(key) } : key;
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
