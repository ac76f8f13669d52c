import type { Filter } from '../../../log/filter.ts';
import type { LogQuery, LogScope } from '../../../log/query.ts';
import { type KeyBound, type Plan, planOf } from '../../access-path.ts';
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
export function pageSql(query: LogQuery, plan: Plan, values: StreamValues, numbers: Numbers): Sql {
  const order = orderSql(query, 'id');
  const stream = (value?: string | number | null) => sql`
    SELECT ${columnsOf(query.fields && [...query.fields, query.sort])} FROM request_logs ${indexedBy(plan.index)}
    WHERE ${streamWhere(query, plan, numbers, value)} ORDER BY ${order} LIMIT ${query.limit}`;
  if (values === null) return stream();
  if (values.length === 1) return stream(values[0]!);
  const streams = values.map((value) => sql`SELECT * FROM (${stream(value)})`);
  return sql`SELECT * FROM (${join(streams, ' UNION ALL ')}) ORDER BY ${orderSql(query, ID_HEX)} LIMIT ${query.limit}`;
}

/** Counts matching logs; at most `limit` + 1, so that the caller sees whether there are more. */
export function countSql(
  scope: LogScope,
  filter: Filter,
  limit: number | null,
  valuesOf: ValuesOf,
  numbers: Numbers,
): Sql {
  const query: LogQuery = { scope, filter, sort: 'createdAt', direction: 'desc', limit: 1 };
  const plan = planOf(query);
  const endless = limit === null ? sql` AND ${STOP_CHECK}` : raw('');
  const rows = (valuesOf(plan, scope) ?? [undefined]).map(
    (value) =>
      sql`SELECT 1 FROM request_logs ${indexedBy(plan.index)} WHERE ${streamWhere(query, plan, numbers, value)}${endless}`,
  );
  const all = rows.length === 0 ? raw('SELECT 1 WHERE 0') : join(rows, ' UNION ALL ');
  return sql`SELECT count(*) AS n FROM (${all} LIMIT ${limit === null ? -1 : limit + 1})`;
}

export type ValuesOf = (plan: Plan, scope: LogScope) => StreamValues;

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

function streamWhere(query: LogQuery, plan: Plan, numbers: Numbers, value?: string | number | null): Sql {
  const parts = [sql`organization_id = ${numbers.numberOf(query.scope.organizationId)}`];
  if (plan.index.minStatusCode !== undefined) parts.push(raw(`status_code >= ${plan.index.minStatusCode}`));
  if (plan.streams !== null && value !== undefined) {
    const { field } = plan.streams;
    parts.push(sql`${column(field)} IS ${valueSql(field, value, numbers)}`);
  }
  if (plan.lower !== null) parts.push(boundSql(query, plan.lower, 'gt'));
  if (plan.upper !== null) parts.push(boundSql(query, plan.upper, 'lt'));
  if (plan.residual.op !== 'true') parts.push(STOP_CHECK, conditionSql(plan.residual, numbers));
  return join(parts, ' AND ');
}

function boundSql(query: LogQuery, edge: KeyBound, side: 'gt' | 'lt'): Sql {
  const inclusive = edge.kind === 'value' ? edge.inclusive : edge.position.inclusive;
  const comparison = inclusive ? (`${side}e` as const) : side;
  const sign = COMPARISON[comparison];
  if (query.sort === 'createdAt') {
    return edge.kind === 'value'
      ? timeSql(raw('id'), comparison, edge.value)
      : sql`id ${sign} ${idBytes(edge.position.id)}`;
  }
  const key = column(query.sort);
  if (edge.kind === 'value') return sql`${key} ${sign} ${edge.value}`;
  return sql`(${key}, id) ${sign} (${edge.position.sortValue}, ${idBytes(edge.position.id)})`;
}

/** @param id the column of the ids: their order is that of `(createdAt, id)`. */
function orderSql({ sort, direction }: LogQuery, id: string): Sql {
  const key = sort === 'createdAt' ? '' : `${column(sort).text} ${direction}, `;
  return raw(`${key}${id} ${direction}`);
}

function indexedBy(index: LogIndex): Sql {
  return raw(`INDEXED BY ${indexName(index)}`);
}
