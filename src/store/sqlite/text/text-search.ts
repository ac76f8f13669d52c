import type { LogQuery, LogScope } from '../../../log/query.ts';
import type { Direction } from '../../../log/sort.ts';
import type { FilterPlan, PagePlan, StreamValues } from '../../access-path.ts';
import { both } from '../../condition.ts';
import { SQLITE_INDEXES } from '../../indexes.ts';
import { conditionsOf, type KeyBound } from '../../key-bounds.ts';
import type { Database } from '../database.ts';
import { type PageSource, readPageOf, readSorted, readStreams } from '../read-page.ts';
import { idBytes, startOfTime } from '../schema/id-bytes.ts';
import type { LogRow } from '../schema/row-reader.ts';
import type { Numbers } from '../sql/condition-sql.ts';
import { countSql, type IdRange } from '../sql/page-sql.ts';
import { streamsOf } from '../sql/streams.ts';
import { AFTER_ALL, type Candidates, candidates, indexedLogs } from './candidates.ts';
import { textQueryOf } from './text-query.ts';

/** The logs of a plan's streams up to which reading them takes no longer than asking the text index. */
const FEW_LOGS = 4_000;
/**
 * Candidates are sorted up to this number of logs, and this part of the indexed ones. If there are more, the text is probably common:
 * the index of the sort then finds a page sooner.
 */
const MAX_SORTED = { logs: 250_000, part: 1 / 4 } as const;
/** Whether the text index may exclude logs of a plan. Search then within one snapshot. */
export function usesText({ index, residual }: FilterPlan<KeyBound>): boolean {
  return index.unique !== true && textQueryOf(residual) !== null;
}

/** The rows of a page of a plan that uses the text index. */
export function findByText(source: PageSource, query: LogQuery, plan: PagePlan): LogRow[] {
  if (query.sort !== 'createdAt') return findSorted(source, query, plan);
  const rows: LogRow[] = [];
  const streams = streamsOf(source, plan, query.scope);
  for (const ids of idsOfSearch(source, query.scope, plan, streams, query.direction)) {
    rows.push(...readStreams(source, { ...query, limit: query.limit - rows.length }, plan, streams, ids));
    if (rows.length === query.limit) break;
  }
  return rows;
}

/**
 * The parts of a plan, whose key is `createdAt`, that have all of its matching logs: the ids that are read, in the order of the
 * direction; null stands for all of them.
 */
export function* idsOfSearch(
  { db, names }: PageSource,
  scope: LogScope,
  plan: FilterPlan<KeyBound>,
  streams: readonly StreamValues[],
  direction: Direction = 'asc',
): Generator<IdRange | null> {
  const query = plan.index.unique === true ? null : textQueryOf(plan.residual);
  if (query === null || hasFewLogs(db, names, scope, plan, streams)) yield null;
  else yield* candidates(db, names.numberOf(scope.organizationId), query, boundsOf(plan), direction);
}

function hasFewLogs(
  db: Database,
  names: Numbers,
  scope: LogScope,
  plan: FilterPlan<KeyBound>,
  streams: readonly StreamValues[],
): boolean {
  if (plan.streams.length === 0) return false;
  const all = { ...plan, residual: both([]) };
  const counts = countSql(scope, all, streams, FEW_LOGS, names).map((statement) =>
    Number(db.get(statement)!.n),
  );
  return counts.reduce((sum, count) => sum + count, 0) <= FEW_LOGS;
}

/** A page in an order other than that of the ids: by sorting all candidates, unless there are many. */
function findSorted(source: PageSource, query: LogQuery, plan: PagePlan): LogRow[] {
  const { db, names } = source;
  const { rest: residual, ...bounds } = conditionsOf(query.scope, query.filter, 'createdAt');
  const organization = names.numberOf(query.scope.organizationId);
  const found = few(
    candidates(db, organization, textQueryOf(residual)!, boundsOf(bounds), 'asc'),
    indexedLogs(db, organization),
  );
  if (found === null) return readPageOf(source, query, plan);
  const { newest: index } = SQLITE_INDEXES;
  const byTime = {
    index,
    streams: [],
    key: 'createdAt',
    ...bounds,
    window: null,
    residual,
    isBounded: false,
  } as const;
  return readSorted(source, query, byTime, found);
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
