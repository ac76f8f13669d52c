import type { Database } from '../database.ts';
import { sql } from '../sql/sql.ts';

/** The numbers of the organizations that have logs. */
export function organizationsOf(db: Database): number[] {
  const rows = db.rows<[number]>(sql`
    WITH RECURSIVE organizations(number) AS (
      SELECT min(organization_id) FROM request_logs
      UNION ALL
      SELECT (SELECT min(organization_id) FROM request_logs WHERE organization_id > number)
      FROM organizations WHERE number IS NOT NULL
    ) SELECT number FROM organizations WHERE number IS NOT NULL`);
  return rows.map(([number]) => number);
}
