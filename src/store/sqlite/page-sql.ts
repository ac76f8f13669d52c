import type { Filter } from '../../log/filter.ts';
import type { LogQuery, LogScope } from '../../log/query.ts';
import type { LogIndex } from '../indexes.ts';
import { type Edge, type Plan, planOf } from '../plan.ts';
import { ALL_COLUMNS, column } from './columns.ts';
import { conditionSql } from './condition-sql.ts';
import { indexName } from './schema.ts';
import { join, raw, type Sql, sql } from './sql.ts';

/** The values that the plan's streams fix; null where the plan has one stream that fixes nothing. */
export type StreamValues = readonly (string | number | null)[] | null;

/** One page as one statement. Streams are merged by the outer order: at most values x page rows are sorted. */
export function pageSql(query: LogQuery, plan: Plan, values: StreamValues): Sql {
  const order = orderSql(query);
  const stream = (value?: string | number | null) => sql`
    SELECT ${ALL_COLUMNS} FROM request_logs ${indexedBy(plan.index)}
    WHERE ${streamWhere(query, plan, value)} ORDER BY ${order} LIMIT ${query.limit}`;
  if (values === null) return stream();
  if (values.length === 1) return stream(values[0]!);
  const streams = values.map((value) => sql`SELECT * FROM (${stream(value)})`);
  const merged = raw(
    columnsOf(query)
      .map((name) => `${name} ${query.direction}`)
      .join(', '),
  );
  return sql`SELECT * FROM (${join(streams, ' UNION ALL ')}) ORDER BY ${merged} LIMIT ${query.limit}`;
}

/** Counts matching logs; at most `limit` + 1, so that the caller sees whether there are more. */
export function countSql(scope: LogScope, filter: Filter, limit: number | null, valuesOf: ValuesOf): Sql {
  const query: LogQuery = { scope, filter, sort: 'createdAt', direction: 'desc', limit: 1 };
  const plan = planOf(query);
  const rows = (valuesOf(plan, scope) ?? [undefined]).map(
    (value) =>
      sql`SELECT 1 FROM request_logs ${indexedBy(plan.index)} WHERE ${streamWhere(query, plan, value)}`,
  );
  const all = rows.length === 0 ? raw('SELECT 1 WHERE 0') : join(rows, ' UNION ALL ');
  return sql`SELECT count(*) AS n FROM (${all} LIMIT ${limit === null ? -1 : limit + 1})`;
}

export type ValuesOf = (plan: Plan, scope: LogScope) => StreamValues;

/** The status codes that exist between two, by one seek each. */
export function statusCodesSql(organizationId: string, from: number, to: number): Sql {
  const next = (bound: Sql) =>
    sql`SELECT min(status_code) FROM request_logs WHERE organization_id = ${organizationId} AND status_code ${bound}`;
  return sql`
    WITH RECURSIVE codes(code) AS (
      ${next(sql`>= ${from}`)} UNION ALL SELECT (${next(raw('> code'))}) FROM codes WHERE code < ${to}
    ) SELECT code FROM codes WHERE code <= ${to}`;
}

function streamWhere(query: LogQuery, plan: Plan, value?: string | number | null): Sql {
  const parts = [sql`organization_id = ${query.scope.organizationId}`];
  if (plan.index.minStatusCode !== undefined) parts.push(raw(`status_code >= ${plan.index.minStatusCode}`));
  if (plan.streams !== null && value !== undefined)
    parts.push(sql`${column(plan.streams.field)} IS ${value}`);
  if (plan.lower !== null) parts.push(edgeSql(query, plan.lower, '>'));
  if (plan.upper !== null) parts.push(edgeSql(query, plan.upper, '<'));
  if (plan.residual.op !== 'true') parts.push(conditionSql(plan.residual));
  return join(parts, ' AND ');
}

function edgeSql(query: LogQuery, edge: Edge, side: '<' | '>'): Sql {
  const inclusive = edge.kind === 'value' ? edge.inclusive : edge.position.inclusive;
  const comparison = raw(inclusive ? `${side}=` : side);
  if (edge.kind === 'value') return sql`${column(query.sort)} ${comparison} ${edge.value}`;
  const { sortValue, createdAt, id } = edge.position;
  return query.sort === 'createdAt'
    ? sql`(created_at, id) ${comparison} (${createdAt}, ${id})`
    : sql`(${column(query.sort)}, created_at, id) ${comparison} (${sortValue}, ${createdAt}, ${id})`;
}

function columnsOf(query: LogQuery) {
  return query.sort === 'createdAt'
    ? (['createdAt', 'id'] as const)
    : ([query.sort, 'createdAt', 'id'] as const);
}

function orderSql(query: LogQuery): Sql {
  return raw(
    columnsOf(query)
      .map((name) => `${column(name).text} ${query.direction}`)
      .join(', '),
  );
}

function indexedBy(index: LogIndex): Sql {
  return raw(`INDEXED BY ${indexName(index)}`);
}
