import { oldestQuery } from '../../oldest-query.ts';
import { SQLITE_PATHS } from '../access-paths.ts';
import { DELETED_LOG } from '../usage-ledger.ts';
import type { Numbers } from './condition-sql.ts';
import { pageKeysSql } from './page-sql.ts';
import { raw, type Sql, sql } from './sql.ts';

const KEY = raw('organization_id, id');

/**
 * The statements that select what the usage of an organization's oldest logs before a time is made from, and that delete these
 * logs. Run them in this order. Each statement seeks the rows by their complete key, so it reads only the rows that it deletes.
 */
export function deleteOldestSql(
  organizationId: string,
  createdAt: number,
  limit: number,
  numbers: Numbers,
): { readonly deleted: Sql; readonly payloads: Sql; readonly logs: Sql } {
  const query = oldestQuery(organizationId, createdAt, limit);
  const plan = SQLITE_PATHS.planPage(query);
  const oldest = (keys: Sql) => pageKeysSql(keys, query, plan, numbers);
  return {
    deleted: oldest(DELETED_LOG),
    payloads: sql`
      DELETE FROM request_log_payloads
      WHERE organization_id = ${numbers.numberOf(organizationId)} AND id IN (${oldest(raw('id'))})`,
    logs: sql`DELETE FROM request_logs WHERE (${KEY}) IN (${oldest(KEY)})`,
  };
}
