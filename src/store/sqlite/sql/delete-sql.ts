import { startOfTime } from '../schema/id-bytes.ts';
import { raw, type Sql, sql } from './sql.ts';

const KEY = raw('organization_id, id');

/**
 * Deletes an organization's oldest logs from before a time: first their payloads, then themselves. Each statement seeks
 * the rows by their whole key, so that it reads no more than it deletes.
 *
 * @param organization the number of its name.
 */
export function deleteOldestSql(
  organization: number,
  createdAt: number,
  limit: number,
): { readonly payloads: Sql; readonly logs: Sql } {
  const oldest = (columns: Sql) => sql`
    SELECT ${columns} FROM request_logs WHERE organization_id = ${organization} AND id < ${startOfTime(createdAt)}
    ORDER BY id LIMIT ${limit}`;
  return {
    payloads: sql`
      DELETE FROM request_log_payloads
      WHERE organization_id = ${organization} AND id IN (${oldest(raw('id'))})`,
    logs: sql`DELETE FROM request_logs WHERE (${KEY}) IN (${oldest(KEY)})`,
  };
}
