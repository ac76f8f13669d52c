import type { Filter } from '../../../log/filter.ts';
import type { LogQuery, LogScope } from '../../../log/query.ts';
import type { SortField } from '../../../log/sort.ts';
import { type FilterPlan, type KeyBound, type PagePlan, planFilter } from '../../access-path.ts';
import type { LogIndex } from '../../indexes.ts';
import { column, columnsOf, ID_HEX } from '../schema/columns.ts';
import { idBytes } from '../schema/id-bytes.ts';
import { indexName } from '../schema/index-name.ts';
import { COMPARISON, conditionSql, type Numbers, timeSql, valueSql } from './condition-sql.ts';
import { join, raw, type Sql, sql } from './sql.ts';
import { STOP_CHECK } from './stop-check.ts';

/** The values that the plan's streams fix; null where the plan has one stream that fixes nothing. */
export type StreamValues = readonly (string | number | null)[] | null;

/** One page as one statement. Streams are merged by the outer order: at most values x page rows are sorted. */
export function pageSql(query: LogQuery, plan: PagePlan, values: StreamValues, numbers: Numbers): Sql {
  const order = orderSql(query, 'id');
  const columns = columnsOf(query.fields && [...query.fields, query.sort]);
  const isSearch = plan.residual.op !== 'true' || !plan.isOrdered;
  const stream = (value?: string | number | null) => sql`
    SELECT ${columns} FROM request_logs ${indexedBy(plan.index)}
    WHERE ${streamWhere(query.scope, plan, numbers, value, isSearch)} ORDER BY ${order} LIMIT ${query.limit}`;
  if (values === null) return stream();
  if (values.length === 1) return stream(values[0]!);
  const streams = values.map((value) => sql`SELECT * FROM (${stream(value)})`);
  return sql`SELECT * FROM (${join(streams, ' UNION ALL ')}) ORDER BY ${orderSql(query, ID_HEX)} LIMIT ${query.limit}`;
}

/**
 * The keys of the first rows of a page, `organization_id, id` or one of them, for statements that change those rows.
 * The plan has one stream.
 */
export function pageKeysSql(keys: Sql, query: LogQuery, plan: PagePlan, numbers: Numbers): Sql {
  return sql`
    SELECT ${keys} FROM request_logs ${indexedBy(plan.index)}
    WHERE ${streamWhere(query.scope, plan, numbers, undefined, false)} ORDER BY ${orderSql(query, 'id')} LIMIT ${query.limit}`;
}

/** Counts matching logs; at most `limit` + 1, so that the caller sees whether there are more. */
export function countSql(
  scope: LogScope,
  filter: Filter,
  limit: number | null,
  valuesOf: ValuesOf,
  numbers: Numbers,
): Sql {
  const plan = planFilter(scope, filter);
  const isSearch = plan.residual.op !== 'true' || limit === null;
  const rows = (valuesOf(plan, scope) ?? [undefined]).map(
    (value) => sql`
      SELECT 1 FROM request_logs ${indexedBy(plan.index)}
      WHERE ${streamWhere(scope, plan, numbers, value, isSearch)}`,
  );
  const all = rows.length === 0 ? raw('SELECT 1 WHERE 0') : join(rows, ' UNION ALL ');
  return sql`SELECT count(*) AS n FROM (${all} LIMIT ${limit === null ? -1 : limit + 1})`;
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
): Sql {
  const { index, streams, key, lower, upper, residual } = plan;
  const parts = [sql`organization_id = ${numbers.numberOf(organizationId)}`];
  if (index.minStatusCode !== undefined) parts.push(raw(`status_code >= ${index.minStatusCode}`));
  if (streams !== null && value !== undefined) {
    const { field } = streams;
    parts.push(sql`${column(field)} IS ${valueSql(field, value, numbers)}`);
  }
  if (lower !== null) parts.push(boundSql(key, lower, 'gt'));
  if (upper !== null) parts.push(boundSql(key, upper, 'lt'));
  if (isSearch) parts.push(STOP_CHECK);
  if (residual.op !== 'true') parts.push(conditionSql(residual, numbers));
  return join(parts, ' AND ');
}

function boundSql(key: SortField, bound: KeyBound, side: 'gt' | 'lt'): Sql {
  const inclusive = bound.kind === 'value' ? bound.inclusive : bound.position.inclusive;
  const comparison = inclusive ? (`${side}e` as const) : side;
  const sign = COMPARISON[comparison];
  if (key === 'createdAt') {
    return bound.kind === 'value'
      ? timeSql(raw('id'), comparison, bound.value)
      : sql`id ${sign} ${idBytes(bound.position.id)}`;
  }
  const name = column(key);
  if (bound.kind === 'value') return sql`${name} ${sign} ${bound.value}`;
  return sql`(${name}, id) ${sign} (${bound.position.sortValue}, ${idBytes(bound.position.id)})`;
}

/** @param id the column of the ids: their order is that of `(createdAt, id)`. */
function orderSql({ sort, direction }: LogQuery, id: string): Sql {
  const key = sort === 'createdAt' ? '' : `${column(sort).text} ${direction}, `;
  return raw(`${key}${id} ${direction}`);
}

function indexedBy(index: LogIndex): Sql {
  return raw(`INDEXED BY ${indexName(index)}`);
}
