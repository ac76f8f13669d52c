import { FIELDS, type LogField } from '../log/fields.ts';
import type { Filter } from '../log/filter.ts';
import type { LogScope } from '../log/query.ts';
import type { SortField } from '../log/sort.ts';
import type { Condition } from './condition.ts';
import type { IndexKey, LogIndex } from './indexes.ts';
import {
  type Bounds,
  boundsOn,
  conditionsOf,
  firstInteger,
  lastInteger,
  partsOf,
  type ValueBound,
} from './key-bounds.ts';
import { timeBlockOf } from './time-block.ts';

export type KeyValue = string | number | null;

/** A key of the index that each stream fixes to one value. */
export type StreamKey =
  | { readonly field: Exclude<LogField, 'createdAt'>; readonly values: readonly KeyValue[] }
  /** Every value that exists between these bounds, both inclusive. */
  | { readonly field: 'statusCode' | 'timeBlock'; readonly from: number; readonly to: number };

/** The maximum number of values of a condition that are read as separate streams. */
const MAX_VALUES = 100;

/** The maximum number of values in all streams together, each of which repeats the rest of the filter. */
const MAX_STREAM_VALUES = 30_000;

/** The order of logs with the same sort key. */
const TIES: readonly IndexKey[] = ['createdAt', 'id'];

const STATUS = FIELDS.statusCode;
const FAILURES_FROM = 400;
const MAX_BLOCK = timeBlockOf(2 ** 48 - 1);

/** First keys of an index. With a value for each of them, its rows are in the order of a sort. */
export interface IndexPrefix {
  readonly index: LogIndex;
  readonly keys: readonly IndexKey[];
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

export function questionOf(scope: LogScope, filter: Filter, sort: SortField): Question {
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
export interface AccessPath {
  readonly index: LogIndex;
  readonly streams: readonly StreamKey[];
  readonly window: Bounds<ValueBound> | null;
  /** The conditions that the index decides. */
  readonly covered: readonly Condition[];
  /** How much the decided conditions select; the path with the greatest weight is chosen. */
  readonly weight: number;
}

export function isBetter(a: AccessPath, b: AccessPath): boolean {
  return a.weight > b.weight || (a.weight === b.weight && openKeys(a.streams) < openKeys(b.streams));
}

/** Whether repeating the rest of the filter for each selected value makes it too long; engines read a long filter slowly. */
export function isTooLarge({ streams }: AccessPath, parts: readonly Condition[]): boolean {
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
export function pathOf({ index, keys }: IndexPrefix, question: Question): AccessPath | null {
  const { sort, parts, times, hasWindow, statuses } = question;
  const { minStatusCode = STATUS.min } = index;
  if (statuses.from < minStatusCode) return null;
  const streams: StreamKey[] = [];
  const covered: Condition[] = [];
  let weight = 0;
  // The whole of an index of failures is a range, too.
  let isRange = statuses.from === minStatusCode && statuses.to === STATUS.max;
  for (const field of keys) {
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
  const byTime = sort !== 'createdAt' && keys.includes(sort);
  if (byTime) covered.push(...parts.filter(isTimeRange));
  if (hasWindow && (byTime || keys.includes('timeBlock'))) weight += WEIGHT_OF_WINDOW;
  return {
    index,
    streams,
    window: byTime ? { lower: times.lower, upper: times.upper } : null,
    covered,
    weight,
  };
}

/** The keys that each stream must fix, so that its rows are in the order of the sort; one list for each way to do that. */
export function prefixesOf({ keys, unique }: LogIndex, sort: SortField): (readonly IndexKey[])[] {
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

export function isTimeRange(part: Condition): part is TimeRange {
  return (
    (part.op === 'lt' || part.op === 'lte' || part.op === 'gt' || part.op === 'gte') &&
    part.field === 'createdAt'
  );
}

/** The keys that have every existing value. */
function openKeys(streams: readonly StreamKey[]): number {
  return streams.filter((key) => !('values' in key)).length;
}
