import type { LogQuery, LogScope } from '../../../log/query.ts';
import type { SortField } from '../../../log/sort.ts';
import {
  type FilterPlan,
  type KeyBound,
  type PagePlan,
  type StreamValues,
  valuesWithin,
} from '../../access-path.ts';
import type { LogIndex } from '../../indexes.ts';
import { column, ID_HEX } from '../schema/columns.ts';
import { idBytes } from '../schema/id-bytes.ts';
import { indexName } from '../schema/index-name.ts';
import { pageReader } from '../schema/row-reader.ts';
import { collectRows } from './collect-rows.ts';
import { COMPARISON, conditionSql, type Numbers, timeSql, valueSql } from './condition-sql.ts';
import { join, raw, type Sql, sql } from './sql.ts';
import { STOP_CHECK } from './stop-check.ts';

const ALL_IDS = [null] as const;
const NO_ROWS = raw('SELECT 1 WHERE 0');

/** Ids from one on and before another: only these logs are read. They are within the bounds of the plan, if its key is `createdAt`. */
export interface IdRange {
  readonly start: Uint8Array;
  /** Exclusive. */
  readonly end: Uint8Array;
}

/**
 * One page as one statement. Streams are merged by the outer order: at most values x page rows are sorted.
 *
 * @param ids the ranges of ids that are read. Default: all.
 */
export function pageSql(
  query: LogQuery,
  plan: PagePlan,
  values: StreamValues,
  numbers: Numbers,
  ids: readonly (IdRange | null)[] = ALL_IDS,
): Sql {
  // By a unique index a stream is one row at most, which SQLite would still sort.
  const order = plan.index.unique ? raw('') : sql`ORDER BY ${orderSql(query, 'id')}`;
  const { columns } = pageReader(query);
  const isSearch = plan.residual.op !== 'true' || !plan.isOrdered;
  const streams = (valuesWithin(plan, values) ?? [undefined]).flatMap((value) =>
    ids.map(
      (range) => sql`
        SELECT ${columns} FROM request_logs ${indexedBy(plan.index)}
        WHERE ${streamWhere(query.scope, plan, numbers, value, isSearch, range)} ${order} LIMIT ${query.limit}`,
    ),
  );
  if (streams.length === 0) return NO_ROWS;
  if (streams.length === 1) return streams[0]!;
  const all = streams.map((stream) => sql`SELECT * FROM (${stream})`);
  return sql`SELECT * FROM (${join(all, ' UNION ALL ')}) ORDER BY ${orderSql(query, ID_HEX)} LIMIT ${query.limit}`;
}

/**
 * The keys of the first rows of a page, `organization_id, id` or one of them, for statements that change those rows.
 * The plan has one stream.
 */
export function pageKeysSql(keys: Sql, query: LogQuery, plan: PagePlan, numbers: Numbers): Sql {
  return sql`
    SELECT ${keys} FROM request_logs ${indexedBy(plan.index)}
    WHERE ${streamWhere(query.scope, plan, numbers, undefined, false, null)} ORDER BY ${orderSql(query, 'id')} LIMIT ${query.limit}`;
}

/** Counts the logs of a plan; at most `limit` + 1, so that the caller sees whether there are more. */
export function countSql(
  scope: LogScope,
  plan: FilterPlan<KeyBound>,
  values: StreamValues,
  limit: number | null,
  numbers: Numbers,
  ids: IdRange | null = null,
): Sql {
  const isSearch = plan.residual.op !== 'true' || limit === null;
  const rows = (values ?? [undefined]).map(
    (value) => sql`
      SELECT 1 FROM request_logs ${indexedBy(plan.index)}
      WHERE ${streamWhere(scope, plan, numbers, value, isSearch, ids)}`,
  );
  const all = rows.length === 0 ? NO_ROWS : join(rows, ' UNION ALL ');
  return sql`SELECT count(*) AS n FROM (${all} LIMIT ${limit === null ? -1 : limit + 1})`;
}

/** Statements that pass values of every log of a plan to `collectRows`; within each, logs are in order of their ids. */
export function collectSql(
  scope: LogScope,
  plan: FilterPlan,
  streamValues: StreamValues,
  values: Sql,
  numbers: Numbers,
  ids: IdRange | null = null,
): Sql[] {
  return (streamValues ?? [undefined]).map(
    (value) => sql`
      SELECT ${collectRows(values)} FROM request_logs ${indexedBy(plan.index)}
      WHERE ${streamWhere(scope, plan, numbers, value, true, ids)}`,
  );
}

export type ValuesOf = (plan: FilterPlan, scope: LogScope) => StreamValues;

/**
 * The status codes that exist between two, by one seek each.
 *
 * @param organization the number of its name.
 */
export function statusCodesSql(organization: number, from: number, to: number): Sql {
  const next = (bound: Sql) =>
    sql`SELECT min(status_code) FROM request_logs WHERE organization_id = ${organization} AND status_code ${bound}`;
  return sql`
    WITH RECURSIVE codes(code) AS (
      ${next(sql`>= ${from}`)} UNION ALL SELECT (${next(raw('> code'))}) FROM codes WHERE code < ${to}
    ) SELECT code FROM codes WHERE code <= ${to}`;
}

/** @param isSearch whether it may read any number of rows: then it can be stopped. */
function streamWhere(
  { organizationId }: LogScope,
  plan: FilterPlan<KeyBound>,
  numbers: Numbers,
  value: string | number | null | undefined,
  isSearch: boolean,
  ids: IdRange | null,
): Sql {
  const { index, streams, key, lower, upper, residual } = plan;
  const parts = [sql`organization_id = ${numbers.numberOf(organizationId)}`];
  if (index.minStatusCode !== undefined) parts.push(raw(`status_code >= ${index.minStatusCode}`));
  if (streams !== null && value !== undefined) {
    const { field } = streams;
    parts.push(sql`${column(field)} IS ${valueSql(field, value, numbers)}`);
  }
  const fixed = streams?.field === key ? value : undefined;
  if (ids !== null) parts.push(sql`id >= ${ids.start} AND id < ${ids.end}`);
  // SQLite seeks by one lower and one upper bound of the id only.
  if (ids === null || key !== 'createdAt') {
    if (lower !== null) parts.push(...boundSql(key, lower, 'gt', fixed));
    if (upper !== null) parts.push(...boundSql(key, upper, 'lt', fixed));
  }
  if (isSearch) parts.push(STOP_CHECK);
  if (residual.op !== 'true') parts.push(conditionSql(residual, numbers));
  return join(parts, ' AND ');
}

/**
 * @param fixed the key's value in this stream, within the bound, if the stream fixes it: then only its ties are bounded, as
 * SQLite would read every row of the stream for a bound on both.
 */
function boundSql(
  key: SortField,
  bound: KeyBound,
  side: 'gt' | 'lt',
  fixed: string | number | null | undefined,
): Sql[] {
  const inclusive = bound.kind === 'value' ? bound.inclusive : bound.position.inclusive;
  const comparison = inclusive ? (`${side}e` as const) : side;
  const sign = COMPARISON[comparison];
  if (bound.kind === 'value') {
    if (key === 'createdAt') return [timeSql(raw('id'), comparison, bound.value)];
    return fixed === undefined ? [sql`${column(key)} ${sign} ${bound.value}`] : [];
  }
  const { sortValue, id } = bound.position;
  if (key === 'createdAt' || fixed === sortValue) return [sql`id ${sign} ${idBytes(id)}`];
  return fixed === undefined ? [sql`(${column(key)}, id) ${sign} (${sortValue}, ${idBytes(id)})`] : [];
}

/** @param id the column of the ids: their order is that of `(createdAt, id)`. */
function orderSql({ sort, direction }: LogQuery, id: string): Sql {
  const key = sort === 'createdAt' ? '' : `${column(sort).text} ${direction}, `;
  return raw(`${key}${id} ${direction}`);
}

function indexedBy(index: LogIndex): Sql {
  return raw(`INDEXED BY ${indexName(index)}`);
}
