import type { LogField } from '../../src/log/fields.ts';
import type { Filter } from '../../src/log/filter.ts';
import type { LogQuery } from '../../src/log/query.ts';
import type { SortField } from '../../src/log/sort.ts';

/** The columns of the bench's table that the catalogue filters by. */
const COLUMNS: Partial<Record<LogField, string>> = {
  createdAt: 'toUnixTimestamp64Milli(time)',
  method: 'method',
  routePattern: 'route',
  apiKeyId: 'key',
  consumerId: "''",
  service: 'service',
  statusCode: 'status',
  durationMs: 'duration',
};
const OPERATORS = { gt: '>', gte: '>=', lt: '<', lte: '<=', eq: '=' } as const;
const KEYS: Readonly<Record<SortField, string>> = {
  createdAt: 'toUnixTimestamp64Milli(time)',
  durationMs: 'toInt64(ifNull(duration, -1))',
  statusCode: 'status',
};

/** The conditions of a question of the catalogue, as ClickHouse's SQL. */
export function whereOf({ scope, filter }: LogQuery): string {
  const conditions = [`organization = '${scope.organizationId}'`, ...conditionsOf(filter)];
  return `WHERE ${conditions.join(' AND ')}`;
}

/** The sort key and the order of a question. */
export function orderOf({ sort, direction }: LogQuery): { readonly key: string; readonly order: string } {
  const key = KEYS[sort];
  return { key, order: `ORDER BY ${sort === 'createdAt' ? '' : `${key} ${direction}, `}time ${direction}` };
}

function conditionsOf(filter: Filter): string[] {
  if (filter.op === 'and') return filter.filters.flatMap(conditionsOf);
  if (!('field' in filter) || !(filter.op in OPERATORS))
    throw new Error(`The catalogue has no ${filter.op}.`);
  const { op, field, value } = filter as {
    op: keyof typeof OPERATORS;
    field: LogField;
    value: string | number;
  };
  // The table is ordered by time, which only a condition on the column itself uses.
  if (field === 'createdAt') return [`time ${OPERATORS[op]} fromUnixTimestamp64Milli(${value}, 'UTC')`];
  return [`${COLUMNS[field]} ${OPERATORS[op]} ${typeof value === 'number' ? value : `'${value}'`}`];
}
