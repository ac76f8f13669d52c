import { FIELDS, type LogField } from '../log/fields.ts';
import type { Filter } from '../log/filter.ts';
import type { LogQuery, LogScope, PageBound } from '../log/query.ts';
import type { SortField } from '../log/sort.ts';
import { both, type Condition, toCondition } from './condition.ts';
import { LOG_INDEXES, type LogIndex } from './indexes.ts';

/** A bound of the index range that is read. */
export type KeyBound =
  | { readonly kind: 'value'; readonly value: number; readonly inclusive: boolean }
  | { readonly kind: 'position'; readonly position: PageBound };

/** A field that precedes `createdAt` in an index. */
type StreamField = Exclude<LogField, 'createdAt'>;

/** One ordered stream for each of these values of the index's second key; the merged streams are the page. */
export type Streams =
  | { readonly field: StreamField; readonly values: readonly (string | number | null)[] }
  /** One stream for each existing value between these bounds, both inclusive. */
  | { readonly field: 'statusCode'; readonly from: number; readonly to: number };

/** The stream values of a plan, one for each stream; null if the plan has a single stream without a fixed value. */
export type StreamValues = readonly (string | number | null)[] | null;

/** The tightest lower and upper bound on a key, in ascending order. */
interface Bounds<B> {
  readonly lower: B | null;
  readonly upper: B | null;
}

type ValueBound = KeyBound & { readonly kind: 'value' };

/** The access path for a filter. It is the same for every store; each passes the index to its engine as a hint. */
export interface FilterPlan<B = ValueBound> extends Bounds<B> {
  readonly index: LogIndex;
  readonly streams: Streams | null;
  /** The field that the bounds apply to. */
  readonly key: SortField;
  /** The part of the filter that the index does not decide; it is checked for each row. */
  readonly residual: Condition;
}

/** The access path for one page. */
export interface PagePlan extends FilterPlan<KeyBound> {
  /** Whether each stream returns its rows in the order of the page, so reading can stop after the first rows. */
  readonly isOrdered: boolean;
}

/** The maximum number of values that are read as separate streams. */
const MAX_STREAMS = 100;
/** The maximum number of values in all streams together, each of which repeats the rest of the filter: SQLite binds 32,766. */
const MAX_STREAM_VALUES = 30_000;

/**
 * Chooses the access path for a filter. All pages, counts, purges and statistics use it.
 *
 * @param sort the order of the rows. Default: `createdAt`.
 */
export function planFilter(scope: LogScope, filter: Filter, sort: SortField = 'createdAt'): FilterPlan {
  const { lower, upper, rest: condition } = conditionsOf(scope, filter, sort);
  const { visibleFrom } = scope;
  const rest = partsOf(condition);
  const path = byValues(rest, 'requestId', LOG_INDEXES.requestId) ?? SORT_PATHS[sort](rest, visibleFrom);
  const { index, streams, covered } = isTooLarge(path, rest) ? wholeIndex(PLAIN_INDEX[sort]) : path;
  const residual = both(rest.filter((part) => !covered.includes(part)));
  return { index, streams, key: sort, lower, upper, residual };
}

/** The bounds that a filter and the retention window set on a field, and the other conditions. */
export function conditionsOf(
  { visibleFrom }: LogScope,
  filter: Filter,
  field: SortField,
): Bounds<ValueBound> & { readonly rest: Condition } {
  const condition = both([
    toCondition(filter),
    visibleFrom === null ? { op: 'true' } : { op: 'gte', field: 'createdAt', value: visibleFrom },
  ]);
  const { lower, upper, rest } = boundsOn(field, partsOf(condition));
  return { lower, upper, rest: both(rest) };
}

function partsOf(condition: Condition): readonly Condition[] {
  return condition.op === 'and' ? condition.parts : condition.op === 'true' ? [] : [condition];
}

function isTooLarge({ streams }: AccessPath, parts: readonly Condition[]): boolean {
  if (streams === null) return false;
  const count = 'values' in streams ? streams.values.length : streams.to - streams.from + 1;
  return count > 1 && count * valuesIn(parts) > MAX_STREAM_VALUES;
}

/** An upper bound of the placeholders that these conditions take in SQL. */
function valuesIn(parts: readonly Condition[]): number {
  return parts.reduce((count, part) => {
    if ('parts' in part) return count + valuesIn(part.parts);
    return count + ('values' in part ? part.values.length : 2);
  }, 0);
}

/** Chooses the access path for a page: that of its filter, with the page's bounds. */
export function planPage({ scope, filter, sort, direction, after, before }: LogQuery): PagePlan {
  const plan = planFilter(scope, filter, sort);
  const [first, last] = direction === 'asc' ? [after, before] : [before, after];
  return {
    ...plan,
    lower: tighter(positionBound(first), plan.lower, 1),
    upper: tighter(positionBound(last), plan.upper, -1),
    isOrdered: isOrdered(plan),
  };
}

/** Returns whether the index keys without a fixed value are the sort keys, in their order. */
export function isOrdered({ index, streams, key }: Pick<FilterPlan, 'index' | 'streams' | 'key'>): boolean {
  const order = key === 'createdAt' ? ['createdAt', 'id'] : [key, 'createdAt', 'id'];
  // At most one log has each value of a unique key.
  if (index.unique) return streams !== null;
  const keys = [
    'organizationId',
    ...(streams === null || streams.field === key ? [] : [streams.field]),
    ...order,
  ];
  return keys.length === index.keys.length && keys.every((name, i) => name === index.keys[i]);
}

interface AccessPath {
  readonly index: LogIndex;
  readonly streams: Streams | null;
  readonly covered: readonly Condition[];
}

type ChoosePath = (parts: readonly Condition[], visibleFrom: number | null) => AccessPath;

/** The access path for each sort: an equality on the most selective field, or else the index of the sort. */
const SORT_PATHS: Readonly<Record<SortField, ChoosePath>> = {
  createdAt(parts) {
    const failures = byStatusRange(parts);
    return (
      byValues(parts, 'apiKeyId', LOG_INDEXES.apiKey) ??
      byValues(parts, 'statusCode', LOG_INDEXES.status) ??
      (failures?.onlyFailures ? failures.path : null) ??
      byValues(parts, 'routePattern', LOG_INDEXES.route) ??
      failures?.path ??
      byValues(parts, 'method', LOG_INDEXES.method) ??
      wholeIndex(LOG_INDEXES.newest)
    );
  },
  durationMs: (parts) =>
    byValues(parts, 'apiKeyId', LOG_INDEXES.apiKeySlowest) ??
    byValues(parts, 'routePattern', LOG_INDEXES.routeSlowest) ??
    wholeIndex(LOG_INDEXES.slowest),
  statusCode: (parts, visibleFrom) =>
    byValues(parts, 'statusCode', LOG_INDEXES.status) ?? byEveryStatus(parts, visibleFrom),
};

/** The index in the order of each sort. */
const PLAIN_INDEX: Readonly<Record<SortField, LogIndex>> = {
  createdAt: LOG_INDEXES.newest,
  durationMs: LOG_INDEXES.slowest,
  statusCode: LOG_INDEXES.status,
};

function wholeIndex(index: LogIndex): AccessPath {
  return { index, streams: null, covered: [] };
}

function byValues(parts: readonly Condition[], field: StreamField, index: LogIndex): AccessPath | null {
  for (const part of parts) {
    if (!('field' in part) || part.field !== field) continue;
    const values =
      part.op === 'eq' ? [part.value] : part.op === 'isNull' ? [null] : part.op === 'in' ? part.values : [];
    if (values.length > 0 && values.length <= MAX_STREAMS) {
      return { index, streams: { field, values }, covered: [part] };
    }
  }
  return null;
}

const STATUS = FIELDS.statusCode;

/** Reads in order of the status code. If the filter has a time window, each code is a separate stream, bounded by the window. */
function byEveryStatus(parts: readonly Condition[], visibleFrom: number | null): AccessPath {
  // The retention bound alone does not count as a window: older logs are purged, so few rows have to be skipped.
  const hasWindow = parts.some(
    (part) =>
      (part.op === 'lt' || part.op === 'lte' || part.op === 'gt' || part.op === 'gte') &&
      part.field === 'createdAt' &&
      part.value !== visibleFrom,
  );
  const streams = { field: 'statusCode', from: STATUS.min, to: STATUS.max } as const;
  return { index: LOG_INDEXES.status, streams: hasWindow ? streams : null, covered: [] };
}

function byStatusRange(parts: readonly Condition[]): { path: AccessPath; onlyFailures: boolean } | null {
  let [from, to] = [STATUS.min, STATUS.max] as [number, number];
  const covered = parts.filter((part) => {
    if (!('field' in part) || part.field !== 'statusCode') return false;
    if (part.op === 'gte') from = Math.max(from, Math.ceil(part.value));
    else if (part.op === 'gt') from = Math.max(from, Math.floor(part.value) + 1);
    else if (part.op === 'lte') to = Math.min(to, Math.floor(part.value));
    else if (part.op === 'lt') to = Math.min(to, Math.ceil(part.value) - 1);
    else return false;
    return true;
  });
  if (from === STATUS.min && to === STATUS.max) return null;
  const onlyFailures = from >= LOG_INDEXES.failed.minStatusCode;
  const path: AccessPath =
    from === LOG_INDEXES.failed.minStatusCode && to === STATUS.max
      ? { index: LOG_INDEXES.failed, streams: null, covered }
      : { index: LOG_INDEXES.status, streams: { field: 'statusCode', from, to }, covered };
  return { path, onlyFailures };
}

/** The tightest bounds on a field from the range conditions on it; `rest` holds the other conditions. */
function boundsOn(field: SortField, parts: readonly Condition[]) {
  let lower: ValueBound | null = null;
  let upper: ValueBound | null = null;
  const rest = parts.filter((part) => {
    if (!('field' in part) || part.field !== field) return true;
    if (part.op === 'gt' || part.op === 'gte') {
      lower = tighter(lower, { kind: 'value', value: part.value, inclusive: part.op === 'gte' }, 1);
      return false;
    }
    if (part.op === 'lt' || part.op === 'lte') {
      upper = tighter(upper, { kind: 'value', value: part.value, inclusive: part.op === 'lte' }, -1);
      return false;
    }
    return true;
  });
  return { lower: lower as ValueBound | null, upper: upper as ValueBound | null, rest };
}

function positionBound(position: PageBound | undefined): KeyBound | null {
  return position === undefined ? null : { kind: 'position', position };
}

/** @param sign 1 for lower bounds, where the greater one is tighter; -1 for upper bounds. */
function tighter<B extends KeyBound>(a: B | null, b: ValueBound | null, sign: 1 | -1): B | ValueBound | null {
  if (a === null || b === null) return a ?? b;
  const difference = (b.value - boundValue(a)) * sign;
  return difference > 0 || (difference === 0 && !b.inclusive) ? b : a;
}

function boundValue(bound: KeyBound): number {
  return bound.kind === 'value' ? bound.value : bound.position.sortValue;
}

/**
 * Drops the stream values that cannot match: if the streams are on the sort key itself, the values outside its bounds.
 * Otherwise the engine would read such a stream completely, only to find that every row is out of bounds.
 */
export function valuesWithin(plan: FilterPlan<KeyBound>, values: StreamValues): StreamValues {
  const { streams, key, lower, upper } = plan;
  if (values === null || streams?.field !== key) return values;
  return values.filter((value) => isWithin(value, lower, 1) && isWithin(value, upper, -1));
}

function isWithin(value: string | number | null, bound: KeyBound | null, sign: 1 | -1): boolean {
  if (bound === null) return true;
  const difference = (Number(value) - boundValue(bound)) * sign;
  return difference > 0 || (difference === 0 && (bound.kind === 'position' || bound.inclusive));
}
