import { FIELDS, type LogField } from '../log/fields.ts';
import { type Filter, MATCH_ALL } from '../log/filter.ts';
import type { LogQuery, LogScope } from '../log/query.ts';
import { SORT_FIELDS, type SortField } from '../log/sort.ts';
import { both, type Condition } from './condition.ts';
import type { IndexKey, LogIndex } from './indexes.ts';
import {
  type Bounds,
  boundsOn,
  conditionsOf,
  firstInteger,
  isWithin,
  type KeyBound,
  lastInteger,
  partsOf,
  positionBound,
  tighter,
  type ValueBound,
} from './key-bounds.ts';
import { timeBlockOf } from './time-block.ts';

type KeyValue = string | number | null;

/** A key of the index that each stream fixes to one value. */
export type StreamKey =
  | { readonly field: Exclude<LogField, 'createdAt'>; readonly values: readonly KeyValue[] }
  /** Every value that exists between these bounds, both inclusive. */
  | { readonly field: 'statusCode' | 'timeBlock'; readonly from: number; readonly to: number };

/** The values of one stream, one for each stream key of the plan. */
export type StreamValues = readonly KeyValue[];

/** The access path for a filter. Each store passes the index to its engine as a hint. */
export interface FilterPlan<B = ValueBound> extends Bounds<B> {
  readonly index: LogIndex;
  /**
   * The keys of the index before those of the order. Each combination of their values is a stream of rows in order; the merged
   * streams are the page. Empty: one stream.
   */
  readonly streams: readonly StreamKey[];
  /** The field that the bounds apply to. */
  readonly key: SortField;
  /** Bounds on `createdAt` within each stream. Null if `key` is `createdAt`, or if no stream is ordered by time alone. */
  readonly window: Bounds<ValueBound> | null;
  /** The part of the filter that the index does not decide; it is checked for each row. */
  readonly residual: Condition;
  /** Whether the rows that the residual rejects are limited by the index: they are within time blocks at the ends of a window. */
  readonly isBounded: boolean;
}

/** The access path for one page. */
export interface PagePlan extends FilterPlan<KeyBound> {
  /** Whether each stream returns its rows in the order of the page, so reading can stop after the first rows. */
  readonly isOrdered: boolean;
  /**
   * Another way to the same page: all rows in the filter's window, which are then sorted. It reads less if few rows are in the
   * window. Null if the streams read little more than the page.
   */
  readonly scan: FilterPlan | null;
}

/** The maximum number of values of a condition that are read as separate streams. */
const MAX_VALUES = 100;

/** The maximum number of values in all streams together, each of which repeats the rest of the filter. */
const MAX_STREAM_VALUES = 30_000;

/** The order of logs with the same sort key. */
const TIES: readonly IndexKey[] = ['createdAt', 'id'];

const STATUS = FIELDS.statusCode;
const FAILURES_FROM = 400;
const MAX_BLOCK = timeBlockOf(2 ** 48 - 1);

/** The indexes of a store, if each sort is a key of one of them. */
type ServingEverySort<I extends Readonly<Record<string, LogIndex>>> =
  SortField extends I[keyof I]['keys'][number] ? I : never;

/** An index, and its first keys that each stream must fix, so that its rows are in the order of a sort. */
interface StreamsOfIndex {
  readonly index: LogIndex;
  readonly prefix: readonly IndexKey[];
}

/** Chooses access paths among the indexes of a store. */
export class AccessPaths<I extends Readonly<Record<string, LogIndex>> = Readonly<Record<string, LogIndex>>> {
  readonly #inOrderOf = new Map<SortField, readonly StreamsOfIndex[]>();

  /** @throws Error if a sort has no index that needs no condition. */
  constructor(indexes: ServingEverySort<I>) {
    for (const sort of SORT_FIELDS) {
      const all = Object.values<LogIndex>(indexes).flatMap((index) =>
        prefixesOf(index, sort).map((prefix) => ({ index, prefix })),
      );
      this.#inOrderOf.set(sort, all);
      this.planFilter({ organizationId: '', visibleFrom: null }, MATCH_ALL, sort);
    }
  }

  /**
   * Chooses the access path for a filter. All pages, counts, purges and statistics use it.
   *
   * @param sort the order of the rows. Default: `createdAt`.
   */
  planFilter(scope: LogScope, filter: Filter, sort: SortField = 'createdAt'): FilterPlan {
    const question = questionOf(scope, filter, sort);
    const { parts, lower, upper } = question;
    let path: AccessPath | null = null;
    for (const streams of this.#inOrderOf.get(sort)!) {
      const other = pathOf(streams, question);
      if (other !== null && !isTooLarge(other, parts) && (path === null || isBetter(other, path)))
        path = other;
    }
    if (path === null) throw new Error(`No index has the order of the sort ${sort}.`);
    const { index, streams, window, covered } = path;
    const rest = parts.filter((part) => !covered.includes(part));
    const isBounded = streams.some(({ field }) => field === 'timeBlock') && rest.every(isTimeRange);
    return {
      index,
      streams,
      key: sort,
      lower,
      upper,
      window,
      residual: both(rest),
      isBounded: isBounded || rest.length === 0,
    };
  }

  /** Chooses the access path for a page: that of its filter, with the page's bounds. */
  planPage({ scope, filter, sort, direction, after, before }: LogQuery): PagePlan {
    const plan = this.planFilter(scope, filter, sort);
    const [first, last] = direction === 'asc' ? [after, before] : [before, after];
    return {
      ...plan,
      lower: tighter(positionBound(first), plan.lower, 1),
      upper: tighter(positionBound(last), plan.upper, -1),
      isOrdered: isOrdered(plan),
      scan: plan.isBounded || sort === 'createdAt' ? null : this.planFilter(scope, filter),
    };
  }
}

/** A filter and a sort, as the choice of an access path sees them. */
interface Question extends Bounds<ValueBound> {
  readonly sort: SortField;
  /** The conditions that bounds on the sort key do not express. */
  readonly parts: readonly Condition[];
  /** The bounds on `createdAt`. */
  readonly times: Bounds<ValueBound>;
  /** Whether the filter itself limits the time. The retention window does not count: older logs are purged. */
  readonly hasWindow: boolean;
  readonly statuses: StatusRange;
}

function questionOf(scope: LogScope, filter: Filter, sort: SortField): Question {
  const { lower, upper, rest } = conditionsOf(scope, filter, sort);
  const parts = partsOf(rest);
  const hasWindow = parts.some((part) => isTimeRange(part) && part.value !== scope.visibleFrom);
  const statuses = sort === 'statusCode' ? { lower, upper, ranges: [] } : statusBounds(parts);
  return {
    sort,
    lower,
    upper,
    parts,
    times: boundsOn('createdAt', parts),
    hasWindow,
    statuses: statusRange(statuses),
  };
}

/** A way to read the logs that match a filter, in the order of a sort. */
interface AccessPath {
  readonly index: LogIndex;
  readonly streams: readonly StreamKey[];
  readonly window: Bounds<ValueBound> | null;
  /** The conditions that the index decides. */
  readonly covered: readonly Condition[];
  /** How much the decided conditions select; the path with the greatest weight is chosen. */
  readonly weight: number;
}

function isBetter(a: AccessPath, b: AccessPath): boolean {
  return a.weight > b.weight || (a.weight === b.weight && openKeys(a.streams) < openKeys(b.streams));
}

/** Whether repeating the rest of the filter for each selected value makes it too long; engines read a long filter slowly. */
function isTooLarge({ streams }: AccessPath, parts: readonly Condition[]): boolean {
  const count = streams.reduce((product, key) => product * ('values' in key ? key.values.length : 1), 1);
  return count > 1 && count * valuesIn(parts) > MAX_STREAM_VALUES;
}

/** An upper bound of the placeholders that these conditions take in SQL. */
function valuesIn(parts: readonly Condition[]): number {
  return parts.reduce((count, part) => {
    if ('parts' in part) return count + valuesIn(part.parts);
    return count + ('values' in part ? part.values.length : 2);
  }, 0);
}

/** How much an equality on a field selects, in the order in which indexes are preferred. */
const WEIGHTS: Partial<Record<IndexKey, number>> = {
  requestId: 100,
  apiKeyId: 32,
  consumerId: 32,
  statusCode: 16,
  routePattern: 8,
  method: 2,
};
/** More than a route: failures are rare. */
const WEIGHT_OF_FAILURES = 12;
const WEIGHT_OF_STATUS_RANGE = 4;
const WEIGHT_OF_WINDOW = 3;

/** The path by these streams; null if no condition fixes one of their keys. */
function pathOf({ index, prefix }: StreamsOfIndex, question: Question): AccessPath | null {
  const { sort, parts, times, hasWindow, statuses } = question;
  const { minStatusCode = STATUS.min } = index;
  if (statuses.from < minStatusCode) return null;
  const streams: StreamKey[] = [];
  const covered: Condition[] = [];
  let weight = 0;
  // The whole of an index of failures is a range, too.
  let isRange = statuses.from === minStatusCode && statuses.to === STATUS.max;
  for (const field of prefix) {
    const key = streamKeyOf(field, index, question);
    if (key === null) return null;
    streams.push(key.stream);
    if (key.part !== undefined) {
      covered.push(key.part);
      weight += WEIGHTS[field]!;
    } else if (field === 'statusCode') isRange = true;
  }
  if (isRange && statuses.ranges.length > 0) {
    covered.push(...statuses.ranges);
    weight += statuses.from >= FAILURES_FROM ? WEIGHT_OF_FAILURES : WEIGHT_OF_STATUS_RANGE;
  }
  const byTime = sort !== 'createdAt' && prefix.includes(sort);
  if (byTime) covered.push(...parts.filter(isTimeRange));
  if (hasWindow && (byTime || prefix.includes('timeBlock'))) weight += WEIGHT_OF_WINDOW;
  return {
    index,
    streams,
    window: byTime ? { lower: times.lower, upper: times.upper } : null,
    covered,
    weight,
  };
}

/** The keys that each stream must fix, so that its rows are in the order of the sort; one list for each way to do that. */
function prefixesOf({ keys, unique }: LogIndex, sort: SortField): (readonly IndexKey[])[] {
  const own = keys.slice(1);
  // At most one log has each value of a unique key.
  if (unique) return [own];
  const before = (order: readonly IndexKey[]) => {
    const prefix = own.slice(0, Math.max(0, own.length - order.length));
    return own.slice(prefix.length).every((name, i) => name === order[i]) && own.length >= order.length
      ? [prefix]
      : [];
  };
  if (sort === 'createdAt') return before(TIES);
  return [...before([sort, ...TIES]), ...before(TIES).filter((prefix) => prefix.includes(sort))];
}

/** The values of a key for the streams, and the condition that selects them. Null if no condition selects few enough. */
function streamKeyOf(
  field: IndexKey,
  { notNull }: LogIndex,
  { parts, times, statuses }: Question,
): { readonly stream: StreamKey; readonly part?: Condition } | null {
  if (field === 'timeBlock') {
    const block = (bound: ValueBound | null, none: number) =>
      bound === null ? none : Math.min(Math.max(timeBlockOf(bound.value), 0), MAX_BLOCK);
    return { stream: { field, from: block(times.lower, 0), to: block(times.upper, MAX_BLOCK) } };
  }
  if (field === 'organizationId' || field === 'id' || field === 'createdAt') return null;
  for (const part of parts) {
    if (!('field' in part) || part.field !== field) continue;
    const values =
      part.op === 'eq' ? [part.value] : part.op === 'isNull' ? [null] : part.op === 'in' ? part.values : [];
    const isIndexed = field !== notNull || part.op !== 'isNull';
    if (isIndexed && values.length > 0 && values.length <= MAX_VALUES)
      return { stream: { field, values }, part };
  }
  return field === 'statusCode' ? { stream: { field, from: statuses.from, to: statuses.to } } : null;
}

/** The status codes that range conditions leave, both inclusive, and these conditions. */
interface StatusRange {
  readonly from: number;
  readonly to: number;
  readonly ranges: readonly Condition[];
}

function statusBounds(parts: readonly Condition[]) {
  const { rest, ...bounds } = boundsOn('statusCode', parts);
  return { ...bounds, ranges: parts.filter((part) => !rest.includes(part)) };
}

function statusRange({
  lower,
  upper,
  ranges,
}: Bounds<ValueBound> & Pick<StatusRange, 'ranges'>): StatusRange {
  const from = Math.max(STATUS.min, firstInteger(lower, STATUS.min));
  return { from, to: Math.min(STATUS.max, lastInteger(upper, STATUS.max)), ranges };
}

type TimeRange = Condition & { readonly op: 'lt' | 'lte' | 'gt' | 'gte' };

function isTimeRange(part: Condition): part is TimeRange {
  return (
    (part.op === 'lt' || part.op === 'lte' || part.op === 'gt' || part.op === 'gte') &&
    part.field === 'createdAt'
  );
}

/** The keys that have every existing value. */
function openKeys(streams: readonly StreamKey[]): number {
  return streams.filter((key) => !('values' in key)).length;
}

/** Returns whether the keys that no stream fixes are the sort keys, in their order. */
export function isOrdered({ index, streams, key }: Pick<FilterPlan, 'index' | 'streams' | 'key'>): boolean {
  const fixed = streams.map(({ field }) => field);
  return prefixesOf(index, key).some(
    (prefix) => prefix.length === fixed.length && prefix.every((name, i) => name === fixed[i]),
  );
}

/**
 * Drops the streams that cannot match: those whose value of the sort key is outside the bounds. Otherwise the engine would read
 * such a stream completely, only to find that every row is out of bounds.
 */
export function streamsWithin(
  plan: FilterPlan<KeyBound>,
  streams: readonly StreamValues[],
): readonly StreamValues[] {
  const { key, lower, upper } = plan;
  const i = plan.streams.findIndex(({ field }) => field === key);
  if (i < 0) return streams;
  return streams.filter((values) => isWithin(values[i]!, lower, 1) && isWithin(values[i]!, upper, -1));
}

/**
 * The bounds on `createdAt` in a stream whose logs have the same sort key: the tighter one of the page's position and of the window,
 * because an engine seeks by one of them only.
 *
 * @param value the sort key of the stream, within the page's bounds.
 */
export function tiesWithin({ lower, upper, window }: FilterPlan<KeyBound>, value: number): Bounds<KeyBound> {
  const tie = (bound: KeyBound | null): KeyBound | null =>
    bound?.kind === 'position' && bound.position.sortValue === value
      ? { kind: 'position', position: { ...bound.position, sortValue: bound.position.createdAt } }
      : null;
  return {
    lower: tighter(tie(lower), window?.lower ?? null, 1),
    upper: tighter(tie(upper), window?.upper ?? null, -1),
  };
}
