import type { RangeOperator } from '../../../log/filter.ts';
import type { Condition } from '../../condition.ts';
import { column, isInterned } from '../schema/columns.ts';
import { isTime, startOfTime } from '../schema/id-bytes.ts';
import type { Names } from '../schema/names.ts';
import { join, raw, type Sql, sql } from './sql.ts';
import { textMatchSql } from './text-match.ts';

type Leaf = Extract<Condition, { field: unknown }>;
type TimeLeaf = Exclude<Leaf, { op: 'contains' | 'startsWith' }>;
/** Returns the number of an interned name; 0 if no log has the name. */
export type Numbers = Pick<Names, 'numberOf'>;

export const COMPARISON = { gt: raw('>'), gte: raw('>='), lt: raw('<'), lte: raw('<=') };

/** Translates a condition to an SQL expression. */
export function conditionSql(condition: Condition, numbers: Numbers): Sql {
  switch (condition.op) {
    case 'true':
      return raw('1');
    case 'false':
      return raw('0');
    case 'and':
    case 'or': {
      const parts = condition.parts.map((part) => conditionSql(part, numbers));
      return sql`(${join(parts, condition.op === 'and' ? ' AND ' : ' OR ')})`;
    }
    default:
      return leafSql(condition, numbers);
  }
}

/** A range condition on the time in an id. */
export function timeSql(id: Sql, op: RangeOperator, time: number): Sql {
  switch (op) {
    case 'gte':
      return sql`${id} >= ${startOfTime(time)}`;
    case 'gt':
      return sql`${id} >= ${startOfTime(Math.floor(time) + 1)}`;
    case 'lt':
      return sql`${id} < ${startOfTime(time)}`;
    case 'lte':
      return sql`${id} < ${startOfTime(Math.floor(time) + 1)}`;
  }
}

/** The value as it is stored in its column. */
export function valueSql(field: Leaf['field'], value: string | number | null, numbers: Numbers): Sql {
  return sql`${isInterned(field) && value !== null ? numbers.numberOf(String(value)) : value}`;
}

function leafSql(condition: Leaf, numbers: Numbers): Sql {
  if (condition.field === 'createdAt') return timeLeafSql(condition as TimeLeaf);
  const { field } = condition;
  // The unary plus keeps SQLite from using the condition to choose an index: the access path has already chosen one.
  const name = sql`+${column(field)}`;
  const value = (one: string | number) => valueSql(field, one, numbers);
  switch (condition.op) {
    case 'isNull':
      return sql`${name} IS NULL`;
    case 'notNull':
      return sql`${name} IS NOT NULL`;
    case 'eq':
      return sql`${name} = ${value(condition.value)}`;
    case 'ne':
      return sql`${name} IS NOT ${value(condition.value)}`;
    case 'in':
      return sql`${name} IN (${join(condition.values.map(value), ', ')})`;
    case 'notIn':
      return sql`(${name} IS NULL OR ${name} NOT IN (${join(condition.values.map(value), ', ')}))`;
    case 'contains':
    case 'startsWith': {
      const text = isInterned(field) ? sql`(SELECT name FROM names WHERE number = ${name})` : name;
      const found = textMatchSql(text, condition.op, condition.value);
      return condition.negated ? sql`(${name} IS NULL OR NOT ${found})` : found;
    }
    default:
      return sql`${name} ${COMPARISON[condition.op]} ${condition.value}`;
  }
}

const TIME = raw('substr(id, 1, 6)');

function timeLeafSql(condition: TimeLeaf): Sql {
  switch (condition.op) {
    case 'isNull':
      return raw('+id IS NULL');
    case 'notNull':
      return raw('+id IS NOT NULL');
    case 'eq':
      return sql`${TIME} = ${timeBytes(condition.value)}`;
    case 'ne':
      return sql`${TIME} <> ${timeBytes(condition.value)}`;
    case 'in':
      return sql`${TIME} IN (${timesSql(condition.values)})`;
    case 'notIn':
      return sql`${TIME} NOT IN (${timesSql(condition.values)})`;
    default:
      return timeSql(raw('+id'), condition.op, condition.value);
  }
}

function timesSql(times: readonly (string | number)[]): Sql {
  return join(
    times.map((time) => sql`${timeBytes(time)}`),
    ', ',
  );
}

/** The first six bytes of the ids of this time; empty, and thus equal to none, if no log can have this time. */
function timeBytes(time: string | number): Uint8Array {
  return isTime(time) ? startOfTime(time) : new Uint8Array();
}
