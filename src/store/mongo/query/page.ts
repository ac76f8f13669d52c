import type { LogQuery, LogScope } from '../../../log/query.ts';
import type { RequestLog } from '../../../log/request-log.ts';
import { comparePositions, positionOf } from '../../../log/sort.ts';
import type { FilterPlan, KeyBound, PagePlan, Streams, StreamValues } from '../../access-path.ts';
import { LOG_INDEXES } from '../../indexes.ts';
import { filterOf, type LogFilter, oneOf } from './filter.ts';
import { type Stretch, sortKeys, stretchesOf, stretchFilters } from './keyset.ts';

/** One find as it is sent. */
export interface Find {
  readonly filter: LogFilter;
  readonly sort: Readonly<Record<string, 1 | -1>>;
  /** The index's name. */
  readonly hint: string;
  /** The whole page; a later step is asked for less. */
  readonly limit: number;
}

/**
 * The finds of one page, in steps: what the finds of a step return is merged, and the next step is taken only while
 * the page is not full.
 */
export function pageSteps(query: LogQuery, plan: PagePlan, values: StreamValues): Find[][] {
  const sign = query.direction === 'asc' ? 1 : -1;
  // By a unique index each stream is one log at most, which some engines would still sort.
  const keys = plan.index.unique ? [] : sortKeys(query.sort);
  const sort = Object.fromEntries(keys.map((key) => [key, sign] as const));
  const find = (stretch: Stretch, stream: LogFilter[]): Find => ({
    filter: {
      $and: [...commonFilters(query.scope, plan), ...stream, ...stretchFilters(query.sort, stretch)],
    },
    sort,
    hint: plan.index.name,
    limit: query.limit,
  });
  const stretches = stretchesOf(query.sort, plan.lower, plan.upper);
  const ordered = query.direction === 'asc' ? stretches : stretches.reverse();
  if (plan.streams?.field === query.sort && values !== null) {
    return ordered.flatMap((stretch) =>
      (values as number[])
        .filter((value) => stretch.from <= value && value <= stretch.to)
        .sort((a, b) => sign * (a - b))
        .map((value) => [find({ ...stretch, from: value, to: value }, [])]),
    );
  }
  const field = plan.streams?.field;
  const streams = field && values ? values.map((value) => [{ [field]: oneOf(field, [value]) }]) : [[]];
  return ordered.map((stretch) => streams.map((stream) => find(stretch, stream)));
}

/** What the server sends of each document; the id always. */
export type Projection = Readonly<Record<string, 0 | 1>>;

/** What `logFromDocument` needs of what is asked for. */
export function projectionOf({ fields, sort }: LogQuery): Projection {
  if (fields === undefined) return {};
  return Object.fromEntries(['organizationId', 'createdAt', sort, ...fields].map((name) => [name, 1]));
}

/**
 * Takes the steps of a page until it is full; each is asked only for what is missing.
 *
 * @param read what each of these finds returns, in its order.
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

/** All that matches, for counting: order does not matter, so streams are one condition. */
export function countFilter(scope: LogScope, plan: FilterPlan): LogFilter {
  const [stretch] = stretchesOf(plan.key, plan.lower, plan.upper);
  const streams = plan.streams === null ? [] : [streamsFilter(plan.streams)];
  return { $and: [...commonFilters(scope, plan), ...streams, ...stretchFilters(plan.key, stretch!)] };
}

/** Finds the lowest status code that exists from `from` on: one seek. */
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
