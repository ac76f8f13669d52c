import type { LogField } from '../log/fields.ts';
import type { LogQuery, PageBound } from '../log/query.ts';
import { both, type Condition, toCondition } from './condition.ts';
import { LOG_INDEXES, type LogIndex } from './indexes.ts';

/** One edge of the part of an index that is read. */
export type KeyBound =
  | { readonly kind: 'value'; readonly value: number; readonly inclusive: boolean }
  | { readonly kind: 'position'; readonly position: PageBound };

/** A field that an index has before the time. */
type StreamField = Exclude<LogField, 'createdAt'>;

/** One ordered stream for each of these values of the index's second key; merged, they make the page. */
export type Streams =
  | { readonly field: StreamField; readonly values: readonly (string | number | null)[] }
  /** The values that exist between these, both inclusive. */
  | { readonly field: 'statusCode'; readonly from: number; readonly to: number };

/** How a page is read: chosen here, for every store alike, and stated to the store's engine as a hint. */
export interface Plan {
  readonly index: LogIndex;
  readonly streams: Streams | null;
  /** Bounds on the sort key, in ascending terms; at most one of each, the tighter. */
  readonly lower: KeyBound | null;
  readonly upper: KeyBound | null;
  /** What the index does not decide: checked row by row. */
  readonly residual: Condition;
}

/** More values than this are not read as streams of their own. */
const MAX_STREAMS = 100;

export function planOf(query: LogQuery): Plan {
  const { visibleFrom } = query.scope;
  const condition = both([
    toCondition(query.filter),
    visibleFrom === null ? { op: 'true' } : { op: 'gte', field: 'createdAt', value: visibleFrom },
  ]);
  const parts = condition.op === 'and' ? condition.parts : condition.op === 'true' ? [] : [condition];
  const { lower, upper, rest } = boundsOf(query, parts);
  const { index, streams, covered } = chooseIndex(query, rest);
  return { index, streams, lower, upper, residual: both(rest.filter((part) => !covered.includes(part))) };
}

interface AccessPath {
  readonly index: LogIndex;
  readonly streams: Streams | null;
  readonly covered: readonly Condition[];
}

/** Equality first, the most selective field before the others; then what failed; then the plain order. */
function chooseIndex(query: LogQuery, parts: readonly Condition[]): AccessPath {
  const one = byValues(parts, 'requestId', LOG_INDEXES.requestId);
  if (one !== null) return one;
  if (query.sort === 'durationMs') {
    return (
      byValues(parts, 'apiKeyId', LOG_INDEXES.apiKeySlowest) ??
      byValues(parts, 'routePattern', LOG_INDEXES.routeSlowest) ?? {
        index: LOG_INDEXES.slowest,
        streams: null,
        covered: [],
      }
    );
  }
  if (query.sort === 'statusCode') {
    return byValues(parts, 'statusCode', LOG_INDEXES.status) ?? byEveryStatus(parts, query.scope.visibleFrom);
  }
  const failures = byStatusRange(parts);
  return (
    byValues(parts, 'apiKeyId', LOG_INDEXES.apiKey) ??
    byValues(parts, 'statusCode', LOG_INDEXES.status) ??
    (failures?.onlyFailures ? failures.path : null) ??
    byValues(parts, 'routePattern', LOG_INDEXES.route) ??
    failures?.path ??
    byValues(parts, 'method', LOG_INDEXES.method) ?? { index: LOG_INDEXES.newest, streams: null, covered: [] }
  );
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

const STATUS = { min: 100, max: 599 };

/** In the order of the codes. With a window in time, each code is a stream of its own, which that window bounds. */
function byEveryStatus(parts: readonly Condition[], visibleFrom: number | null): AccessPath {
  // Retention alone is no window: what is older is purged, so that there is little to step over.
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

/** The tightest lower and upper bound on the sort key, from the page's own edges and the filter's ranges on that key. */
function boundsOf(query: LogQuery, parts: readonly Condition[]) {
  const ascending = query.direction === 'asc';
  let lower = positionBound(ascending ? query.after : query.before);
  let upper = positionBound(ascending ? query.before : query.after);
  const rest = parts.filter((part) => {
    if (!('field' in part) || part.field !== query.sort) return true;
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
  return { lower, upper, rest };
}

function positionBound(position: PageBound | undefined): KeyBound | null {
  return position === undefined ? null : { kind: 'position', position };
}

/** @param sign 1 for lower bounds, where the greater is tighter; -1 for upper bounds. */
function tighter(a: KeyBound | null, b: KeyBound & { kind: 'value' }, sign: 1 | -1): KeyBound {
  if (a === null) return b;
  const difference = (b.value - boundValue(a)) * sign;
  return difference > 0 || (difference === 0 && !b.inclusive) ? b : a;
}

function boundValue(edge: KeyBound): number {
  return edge.kind === 'value' ? edge.value : edge.position.sortValue;
}
