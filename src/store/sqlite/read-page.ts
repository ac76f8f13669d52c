import type { LogQuery } from '../../log/query.ts';
import { type FilterPlan, type PagePlan, type StreamValues, streamsWithin } from '../access-path.ts';
import type { Database } from './database.ts';
import type { Names } from './schema/names.ts';
import type { LogRow } from './schema/row-reader.ts';
import {
  type IdRange,
  mergedPositionsSql,
  pageSql,
  rowsByIdSql,
  scannedPositionsSql,
} from './sql/page-sql.ts';
import type { Sql } from './sql/sql.ts';
import { streamsOf } from './sql/streams.ts';

/** What pages are read from. */
export interface PageSource {
  readonly db: Database;
  readonly names: Names;
}

/** The id as 32 hexadecimal digits, and the sort key; 0 if that is the time, which the id begins with. */
type RowPosition = readonly [idHex: string, sortValue: number];

/** Index entries that are read before the other way to the page is tried: they take less than a millisecond, or five if rows are read. */
const FIRST_TRY = 5_000;
const MORE_EACH_TRY = 4;

/** Reads the rows of a page, in its order. */
export function readPage(source: PageSource, query: LogQuery, plan: PagePlan): LogRow[] {
  const { db, names } = source;
  if (plan.streams.length === 0 && plan.scan === null) return db.rows(pageSql(query, plan, [], names));
  return db.snapshot(() => readPageOf(source, query, plan));
}

/**
 * Like `readPage`, within a snapshot.
 *
 * If rows must be skipped, either the order or the window can have few rows to read, and nothing says which. So both are tried in
 * turn, each time further: together they read at most a few times as much as the better one alone.
 */
export function readPageOf(source: PageSource, query: LogQuery, plan: PagePlan): LogRow[] {
  const { db, names } = source;
  const { scan } = plan;
  const streams = streamsWithin(plan, streamsOf(source, plan, query.scope));
  if (scan === null) return readStreams(source, query, plan, streams, null);
  if (streams.length === 0) return [];
  const walk = () => positions(db, query, mergedPositionsSql(query, plan, streams, names));
  const scanned = streamsOf(source, scan, query.scope);
  const sort = () => positions(db, query, scannedPositionsSql(query, scan, scanned, names));
  for (let entries = FIRST_TRY; ; entries *= MORE_EACH_TRY) {
    const found = db.withinRows(entries, sort) ?? db.withinRows(entries, walk);
    if (found !== null) return rowsAt(source, query, found);
  }
}

/**
 * The first rows of streams that have the order of the page.
 *
 * @param ids the ids that are read; null: all.
 */
export function readStreams(
  source: PageSource,
  query: LogQuery,
  plan: PagePlan,
  streams: readonly StreamValues[],
  ids: IdRange | null,
): LogRow[] {
  const { db, names } = source;
  if (streams.length === 1) return db.rows(pageSql(query, plan, streams[0]!, names, ids));
  return rowsAt(source, query, positions(db, query, mergedPositionsSql(query, plan, streams, names, ids)));
}

/**
 * The first rows of a window whose rows are all read and sorted.
 *
 * @param plan has one stream.
 * @param ranges of the ids that are read.
 */
export function readSorted(
  source: PageSource,
  query: LogQuery,
  plan: FilterPlan,
  ranges: readonly IdRange[],
): LogRow[] {
  const { db, names } = source;
  const statements = ranges.flatMap((ids) => scannedPositionsSql(query, plan, [[]], names, ids));
  return rowsAt(source, query, positions(db, query, statements));
}

/** The first positions of a page, from statements that each return some of them. */
function positions(db: Database, { direction, limit }: LogQuery, statements: readonly Sql[]): RowPosition[] {
  const sign = direction === 'asc' ? 1 : -1;
  return statements
    .flatMap((statement) => db.rows<RowPosition>(statement))
    .toSorted(([idA, a], [idB, b]) => sign * (a - b || (idA < idB ? -1 : 1)))
    .slice(0, limit);
}

/** The rows at these positions, in their order. */
function rowsAt({ db, names }: PageSource, query: LogQuery, found: readonly RowPosition[]): LogRow[] {
  if (found.length === 0) return [];
  const ids = found.map(([idHex]) => idHex);
  const rows = new Map(db.rows<LogRow>(rowsByIdSql(query, ids, names)).map((row) => [row[0], row]));
  return ids.map((id) => rows.get(id)!);
}
