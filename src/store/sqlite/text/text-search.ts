import type { LogQuery, LogScope } from '../../../log/query.ts';
import { comparePositions, type Direction, positionOf } from '../../../log/sort.ts';
import {
  conditionsOf,
  type FilterPlan,
  type KeyBound,
  type PagePlan,
  type Streams,
  type StreamValues,
} from '../../access-path.ts';
import { both, type Condition, either } from '../../condition.ts';
import { LOG_INDEXES } from '../../indexes.ts';
import type { Database } from '../database.ts';
import { idBytes, startOfTime } from '../schema/id-bytes.ts';
import type { Names } from '../schema/names.ts';
import { type LogRow, pageReader } from '../schema/row-reader.ts';
import type { Numbers } from '../sql/condition-sql.ts';
import { countSql, type IdRange, pageSql } from '../sql/page-sql.ts';
import { AFTER_ALL, type Candidates, candidates, indexedLogs } from './candidates.ts';
import { textQueryOf } from './text-query.ts';

/** The logs of a plan's streams up to which reading them takes no longer than asking the text index. */
const FEW_LOGS = 4_000;
/**
 * Candidates are sorted up to this number of logs, and this part of the indexed ones. If there are more, the text is probably common:
 * the index of the sort then finds a page sooner.
 */
const MAX_SORTED = { logs: 250_000, part: 1 / 4 } as const;
/** Ranges of ids, and values of placeholders, that one statement has at most. */
const AT_ONCE = { ranges: 50, values: 30_000 } as const;

interface TextSource {
  readonly db: Database;
  readonly names: Names;
}

/** Whether the text index may exclude logs of a plan. Search then within one snapshot. */
export function usesText({ index, residual }: FilterPlan<KeyBound>): boolean {
  return index.unique !== true && textQueryOf(residual) !== null;
}

/** The rows of a page of a plan that uses the text index. */
export function findByText(
  source: TextSource,
  query: LogQuery,
  plan: PagePlan,
  values: StreamValues,
): LogRow[] {
  const { db, names } = source;
  if (query.sort !== 'createdAt') return findSorted(source, query, plan, values);
  const rows: LogRow[] = [];
  for (const ids of idsOfSearch(source, query.scope, plan, values, query.direction)) {
    const rest = { ...query, limit: query.limit - rows.length };
    rows.push(...db.rows<LogRow>(pageSql(rest, plan, values, names, [ids])));
    if (rows.length === query.limit) break;
  }
  return rows;
}

/**
 * The parts of a plan, whose key is `createdAt`, that have all of its matching logs: the ids that are read, in the order of the
 * direction; null stands for all of them.
 */
export function* idsOfSearch(
  { db, names }: TextSource,
  scope: LogScope,
  plan: FilterPlan<KeyBound>,
  values: StreamValues,
  direction: Direction = 'asc',
): Generator<IdRange | null> {
  const query = plan.index.unique === true ? null : textQueryOf(plan.residual);
  if (query === null || hasFewLogs(db, names, scope, plan, values)) yield null;
  else yield* candidates(db, names.numberOf(scope.organizationId), query, boundsOf(plan), direction);
}

function hasFewLogs(
  db: Database,
  names: Numbers,
  scope: LogScope,
  plan: FilterPlan<KeyBound>,
  values: StreamValues,
): boolean {
  if (plan.streams === null) return false;
  const all = { ...plan, residual: both([]) };
  return Number(db.get(countSql(scope, all, values, FEW_LOGS, names))!.n) <= FEW_LOGS;
}

/** A page in an order other than that of the ids: by sorting all candidates, unless there are many. */
function findSorted(
  { db, names }: TextSource,
  query: LogQuery,
  plan: PagePlan,
  values: StreamValues,
): LogRow[] {
  const { scope, filter, sort, direction, limit } = query;
  const time = conditionsOf(scope, filter, 'createdAt');
  const wanted = textQueryOf(plan.residual)!;
  const organization = names.numberOf(scope.organizationId);
  const found = few(
    candidates(db, organization, wanted, boundsOf(time), 'asc'),
    indexedLogs(db, organization),
  );
  if (found === null) return db.rows(pageSql(query, plan, values, names));
  const byTime: PagePlan = {
    ...plan,
    index: LOG_INDEXES.newest,
    streams: null,
    residual: both([conditionOf(plan.streams), plan.residual]),
    isOrdered: false,
  };
  const sign = direction === 'asc' ? 1 : -1;
  const reader = pageReader(query);
  const position = (row: LogRow) => positionOf(reader.toLog(row, scope.organizationId, names), sort);
  const pageOf = (ids: readonly IdRange[]) => pageSql(query, byTime, null, names, ids);
  const valuesOfOne = pageOf(found.slice(0, 1)).values.length;
  const atOnce = Math.max(1, Math.min(AT_ONCE.ranges, Math.floor(AT_ONCE.values / valuesOfOne)));
  let rows: LogRow[] = [];
  for (let i = 0; i < found.length; i += atOnce) {
    const some = db.rows<LogRow>(pageOf(found.slice(i, i + atOnce)));
    rows = [...rows, ...some]
      .map((row) => ({ row, position: position(row) }))
      .sort((a, b) => sign * comparePositions(a.position, b.position))
      .slice(0, limit)
      .map(({ row }) => row);
  }
  return rows;
}

/** The candidates, or null if there are many. @param indexed the number of indexed logs. */
function few(all: Iterable<Candidates>, indexed: number): Candidates[] | null {
  if (indexed === 0) return null;
  const found: Candidates[] = [];
  let [logs, named] = [0, 0];
  for (const one of all) {
    found.push(one);
    logs += one.logs;
    if (one.isIndexed) named += one.logs;
    if (logs > MAX_SORTED.logs || named > indexed * MAX_SORTED.part) return null;
  }
  return found;
}

/** The condition that the logs of streams meet. */
function conditionOf(streams: Streams | null): Condition {
  if (streams === null) return both([]);
  const { field } = streams;
  if ('from' in streams) {
    return both([
      { op: 'gte', field: streams.field, value: streams.from },
      { op: 'lte', field: streams.field, value: streams.to },
    ]);
  }
  const values = streams.values.filter((value) => value !== null);
  const isNull: Condition[] = values.length < streams.values.length ? [{ op: 'isNull', field }] : [];
  return either([...isNull, ...(values.length > 0 ? [{ op: 'in', field, values } as const] : [])]);
}

/** The ids between the bounds of a plan, whose key is `createdAt`. */
function boundsOf({ lower, upper }: Pick<FilterPlan<KeyBound>, 'lower' | 'upper'>): IdRange {
  return {
    start: lower === null ? new Uint8Array() : startOf(lower, true),
    end: upper === null ? AFTER_ALL : startOf(upper, false),
  };
}

/** The first id that is in the range that begins at a bound, or the first one that is not in the range that ends at it. */
function startOf(bound: KeyBound, isLower: boolean): Uint8Array {
  if (bound.kind === 'value') {
    const isAfter = isLower !== bound.inclusive;
    return startOfTime(isAfter ? Math.floor(bound.value) + 1 : bound.value);
  }
  const id = idBytes(bound.position.id);
  const isAfter = isLower !== (bound.position.inclusive ?? false);
  return isAfter ? Buffer.concat([id, Buffer.alloc(1)]) : id;
}
