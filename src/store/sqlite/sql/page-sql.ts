import type { LogQuery, LogScope, PageBound } from '../../../log/query.ts';
import type { SortField } from '../../../log/sort.ts';
import { type FilterPlan, type PagePlan, type StreamValues, tiesWithin } from '../../access-path.ts';
import type { StreamKey } from '../../index-path.ts';
import { type LogIndex, SQLITE_INDEXES } from '../../indexes.ts';
import type { KeyBound } from '../../key-bounds.ts';
import { column, ID_HEX, type LogColumn } from '../schema/columns.ts';
import { idBytes, timeBlockBytes } from '../schema/id-bytes.ts';
import { indexName } from '../schema/index-name.ts';
import { pageReader } from '../schema/row-reader.ts';
import { collectRows } from './collect-rows.ts';
import { COMPARISON, conditionSql, type Numbers, timeSql, valueSql } from './condition-sql.ts';
import { join, raw, type Sql, sql } from './sql.ts';
import { STOP_CHECK } from './stop-check.ts';

/** Streams that are merged by one statement. SQLite allows 500, but 64 take 1.4 ms to prepare, and 500 take 50. */
const MAX_BRANCHES = 64;
/** The maximum number of placeholders of one statement; SQLite binds 32,766. */
const MAX_PLACEHOLDERS = 30_000;

/** Ids from one on and before another: only these logs are read. They are within the bounds of the plan, if its key is `createdAt`. */
export interface IdRange {
  readonly start: Uint8Array;
  /** Exclusive. */
  readonly end: Uint8Array;
}

/**
 * One page of a single stream.
 *
 * @param ids the ids that are read. Default: all.
 */
export function pageSql(
  query: LogQuery,
  plan: PagePlan,
  values: StreamValues,
  numbers: Numbers,
  ids: IdRange | null = null,
): Sql {
  const { columns } = pageReader(query);
  return sql`SELECT ${columns} ${orderedRows(query, plan, values, numbers, ids)}`;
}

/**
 * The keys of the first rows of a page, `organization_id, id` or one of them, for statements that change those rows.
 * The plan has one stream.
 */
export function pageKeysSql(keys: Sql, query: LogQuery, plan: PagePlan, numbers: Numbers): Sql {
  return sql`SELECT ${keys} ${orderedRows(query, plan, [], numbers, null)}`;
}

function orderedRows(
  query: LogQuery,
  plan: PagePlan,
  values: StreamValues,
  numbers: Numbers,
  ids: IdRange | null,
): Sql {
  // By a unique index a stream is one row at most, which SQLite would still sort.
  const order = plan.index.unique ? raw('') : sql`ORDER BY ${orderSql(query)}`;
  return sql`FROM request_logs ${indexedBy(plan.index)}
    WHERE ${streamWhere(query.scope, plan, numbers, values, isSearch(plan), ids)} ${order} LIMIT ${query.limit}`;
}

/**
 * Statements whose rows together contain the positions of a page's rows: the id in hexadecimal digits, and the sort key. SQLite merges
 * the streams of a statement: it reads one row of each, and the rows of the page.
 */
export function mergedPositionsSql(
  query: LogQuery,
  plan: PagePlan,
  streams: readonly StreamValues[],
  numbers: Numbers,
  ids: IdRange | null = null,
): Sql[] {
  const branches = streams.map(
    (values) => sql`
      SELECT ${positionColumns(query.sort)} FROM request_logs ${indexedBy(plan.index)}
      WHERE ${streamWhere(query.scope, plan, numbers, values, isSearch(plan), ids)}`,
  );
  return compounds(
    branches,
    (some) => sql`
    SELECT ${POSITION} FROM (${some} ORDER BY ${positionOrderSql(query)} LIMIT ${query.limit})`,
  );
}

/** Like `mergedPositionsSql`, by reading all rows of the streams. */
export function scannedPositionsSql(
  query: LogQuery,
  plan: FilterPlan,
  streams: readonly StreamValues[],
  numbers: Numbers,
  ids: IdRange | null = null,
): Sql[] {
  const { sort, direction, after, before } = query;
  const [first, last] = direction === 'asc' ? [after, before] : [before, after];
  const position = (bound: PageBound | undefined, side: 'gt' | 'lt') =>
    bound === undefined
      ? []
      : [
          sql`(+${column(sort as LogColumn)}, +id) ${COMPARISON[bound.inclusive ? (`${side}e` as const) : side]} (${bound.sortValue}, ${idBytes(bound.id)})`,
        ];
  const within = [...position(first, 'gt'), ...position(last, 'lt')];
  return streams.map(
    (values) => sql`
      SELECT ${POSITION} FROM (
        SELECT ${positionColumns(sort)} FROM request_logs ${indexedBy(plan.index)}
        WHERE ${join([streamWhere(query.scope, plan, numbers, values, true, ids), ...within], ' AND ')}
        ORDER BY ${positionOrderSql(query)} LIMIT ${query.limit})`,
  );
}

/** The row of each id, in any order. */
export function rowsByIdSql(query: LogQuery, hexIds: readonly string[], numbers: Numbers): Sql {
  const { columns } = pageReader(query);
  return sql`
    SELECT ${columns} FROM request_logs WHERE organization_id = ${numbers.numberOf(query.scope.organizationId)}
      AND id IN (SELECT unhex(value) FROM json_each(${JSON.stringify(hexIds)}))`;
}

/** Statements that count the logs of a plan; each at most `limit` + 1, so that the caller sees whether there are more. */
export function countSql(
  scope: LogScope,
  plan: FilterPlan<KeyBound>,
  streams: readonly StreamValues[],
  limit: number | null,
  numbers: Numbers,
  ids: IdRange | null = null,
): Sql[] {
  const canStop = isSearch(plan) || limit === null;
  const rows = streams.map(
    (values) => sql`
      SELECT 1 FROM request_logs ${indexedBy(plan.index)}
      WHERE ${streamWhere(scope, plan, numbers, values, canStop, ids)}`,
  );
  return compounds(
    rows,
    (some) => sql`SELECT count(*) AS n FROM (${some} LIMIT ${limit === null ? -1 : limit + 1})`,
  );
}

/** Statements that pass values of every log of a plan to `collectRows`; within each, logs are in order of their ids. */
export function collectSql(
  scope: LogScope,
  plan: FilterPlan,
  streams: readonly StreamValues[],
  values: Sql,
  numbers: Numbers,
  ids: IdRange | null = null,
): Sql[] {
  return streams.map(
    (stream) => sql`
      SELECT ${collectRows(values)} FROM request_logs ${indexedBy(plan.index)}
      WHERE ${streamWhere(scope, plan, numbers, stream, true, ids)}`,
  );
}

export type ValuesOf = (plan: FilterPlan) => readonly StreamValues[];

/**
 * The values of an index's next key that exist between two, by one seek each, in ascending order.
 *
 * @param fixed the values of the keys before it.
 */
export function existingValuesSql(
  { organizationId }: LogScope,
  { index, streams }: Pick<FilterPlan, 'index' | 'streams'>,
  fixed: StreamValues,
  { field, from, to }: Extract<StreamKey, { from: number }>,
  numbers: Numbers,
): Sql {
  const key = keyColumn(field);
  // In a partial index, SQLite would seek by the bound of the index instead of that of the key.
  const seeked = index.minStatusCode === undefined ? index : SQLITE_INDEXES.status;
  const parts = [
    sql`organization_id = ${numbers.numberOf(organizationId)}`,
    ...partialSql(seeked),
    ...fixed.map((value, i) => fixedSql(streams[i]!.field, value, numbers)),
  ];
  const next = (bound: Sql) => sql`
    SELECT ${key} AS value FROM request_logs ${indexedBy(seeked)}
    WHERE ${join(parts, ' AND ')} AND ${key} ${bound} ORDER BY ${key} LIMIT 1`;
  const shown = field === 'timeBlock' ? raw('hex(value)') : raw('value');
  return sql`
    WITH RECURSIVE existing(value) AS (
      SELECT * FROM (${next(sql`>= ${keyValue(field, from)}`)})
      UNION ALL SELECT (${next(raw('> existing.value'))}) FROM existing WHERE value < ${keyValue(field, to)}
    ) SELECT ${shown} FROM existing WHERE value <= ${keyValue(field, to)}`;
}

/** Joins branches into as few statements as SQLite allows. */
function compounds(branches: readonly Sql[], statement: (some: Sql) => Sql): Sql[] {
  const statements: Sql[] = [];
  for (let i = 0; i < branches.length; ) {
    const size = Math.min(
      MAX_BRANCHES,
      Math.max(1, Math.floor(MAX_PLACEHOLDERS / Math.max(1, branches[i]!.values.length))),
    );
    statements.push(statement(join(branches.slice(i, i + size), ' UNION ALL ')));
    i += size;
  }
  return statements;
}

/** Whether it may read any number of rows: then it can be stopped. */
function isSearch(plan: FilterPlan<KeyBound> & { readonly isOrdered?: boolean }): boolean {
  return plan.residual.op !== 'true' || plan.isOrdered === false;
}

/** A position as rows return it. */
const POSITION = raw(`lower(hex(id)) AS ${ID_HEX}, sort_value`);

function positionColumns(sort: SortField): Sql {
  return sort === 'createdAt' ? raw('id, 0 AS sort_value') : sql`id, ${column(sort)} AS sort_value`;
}

function partialSql({ minStatusCode, notNull }: LogIndex): Sql[] {
  return [
    ...(minStatusCode === undefined ? [] : [raw(`status_code >= ${minStatusCode}`)]),
    ...(notNull === undefined ? [] : [sql`${column(notNull as LogColumn)} IS NOT NULL`]),
  ];
}

/** The first three bytes of an id, as in the indexes. */
const TIME_BLOCK = raw('substr(id, 1, 3)');

function keyColumn(field: StreamKey['field']): Sql {
  return field === 'timeBlock' ? TIME_BLOCK : column(field);
}

function keyValue(field: StreamKey['field'], value: number): number | Uint8Array {
  return field === 'timeBlock' ? timeBlockBytes(value) : value;
}

function fixedSql(field: StreamKey['field'], value: StreamValues[number], numbers: Numbers): Sql {
  return field === 'timeBlock'
    ? sql`${TIME_BLOCK} = ${timeBlockBytes(Number(value))}`
    : sql`${column(field)} IS ${valueSql(field, value, numbers)}`;
}

/** @param canStop whether it can be stopped. */
function streamWhere(
  { organizationId }: LogScope,
  plan: FilterPlan<KeyBound>,
  numbers: Numbers,
  values: StreamValues,
  canStop: boolean,
  ids: IdRange | null,
): Sql {
  const { index, streams, key, lower, upper, residual } = plan;
  const parts = [sql`organization_id = ${numbers.numberOf(organizationId)}`, ...partialSql(index)];
  for (const [i, { field }] of streams.entries()) parts.push(fixedSql(field, values[i]!, numbers));
  const ofKey = streams.findIndex(({ field }) => field === key);
  if (ids !== null) parts.push(sql`id >= ${ids.start} AND id < ${ids.end}`);
  if (ofKey >= 0) {
    const ties = tiesWithin(plan, Number(values[ofKey]));
    parts.push(...boundsSql('createdAt', ties.lower, ties.upper));
  } else if (ids === null || key !== 'createdAt') {
    // SQLite seeks by one lower and one upper bound of the id only.
    parts.push(...boundsSql(key, lower, upper));
  }
  if (canStop) parts.push(STOP_CHECK);
  if (residual.op !== 'true') parts.push(conditionSql(residual, numbers));
  return join(parts, ' AND ');
}

function boundsSql(key: SortField, lower: KeyBound | null, upper: KeyBound | null): Sql[] {
  return [
    ...(lower === null ? [] : [boundSql(key, lower, 'gt')]),
    ...(upper === null ? [] : [boundSql(key, upper, 'lt')]),
  ];
}

function boundSql(key: SortField, bound: KeyBound, side: 'gt' | 'lt'): Sql {
  const inclusive = bound.kind === 'value' ? bound.inclusive : bound.position.inclusive;
  const comparison = inclusive ? (`${side}e` as const) : side;
  const sign = COMPARISON[comparison];
  if (bound.kind === 'value') {
    return key === 'createdAt'
      ? timeSql(raw('id'), comparison, bound.value)
      : sql`${column(key)} ${sign} ${bound.value}`;
  }
  const { sortValue, id } = bound.position;
  return key === 'createdAt'
    ? sql`id ${sign} ${idBytes(id)}`
    : sql`(${column(key)}, id) ${sign} (${sortValue}, ${idBytes(id)})`;
}

/** The order of the ids is that of `(createdAt, id)`. */
function orderSql({ sort, direction }: LogQuery): Sql {
  const key = sort === 'createdAt' ? '' : `${column(sort).text} ${direction}, `;
  return raw(`${key}id ${direction}`);
}

function positionOrderSql({ sort, direction }: LogQuery): Sql {
  return raw(`${sort === 'createdAt' ? '' : `sort_value ${direction}, `}id ${direction}`);
}

function indexedBy(index: LogIndex): Sql {
  return raw(`INDEXED BY ${indexName(index)}`);
}
