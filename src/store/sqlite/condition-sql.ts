import { foldCase } from '../../log/text.ts';
import type { Condition } from '../condition.ts';
import { column } from './columns.ts';
import { join, raw, type Sql, sql } from './sql.ts';

const COMPARISON = { gt: raw('>'), gte: raw('>='), lt: raw('<'), lte: raw('<=') };

/** A condition as an SQL expression. `lower` and `instr` fold the letters A-Z only and know no patterns. */
export function conditionSql(condition: Condition): Sql {
  switch (condition.op) {
    case 'true':
      return raw('1');
    case 'false':
      return raw('0');
    case 'and':
      return sql`(${join(condition.parts.map(conditionSql), ' AND ')})`;
    case 'or':
      return sql`(${join(condition.parts.map(conditionSql), ' OR ')})`;
    default:
      // The plus keeps SQLite from building its own plan on the condition: ours has chosen the index.
      return leafSql(condition, sql`+${column(condition.field)}`);
  }
}

function leafSql(condition: Exclude<Condition, { op: 'true' | 'false' | 'and' | 'or' }>, name: Sql): Sql {
  switch (condition.op) {
    case 'isNull':
      return sql`${name} IS NULL`;
    case 'notNull':
      return sql`${name} IS NOT NULL`;
    case 'eq':
      return sql`${name} = ${condition.value}`;
    case 'ne':
      return sql`${name} IS NOT ${condition.value}`;
    case 'in':
      return sql`${name} IN (${listSql(condition.values)})`;
    case 'notIn':
      return sql`(${name} IS NULL OR ${name} NOT IN (${listSql(condition.values)}))`;
    case 'contains':
    case 'startsWith': {
      const place = sql`instr(lower(${name}), ${foldCase(condition.value)})`;
      const found = condition.op === 'contains' ? sql`${place} > 0` : sql`${place} = 1`;
      return condition.negated ? sql`(${name} IS NULL OR NOT ${found})` : found;
    }
    default:
      return sql`${name} ${COMPARISON[condition.op]} ${condition.value}`;
  }
}

function listSql(values: readonly (string | number)[]): Sql {
  return join(
    values.map((value) => sql`${value}`),
    ', ',
  );
}
