import { DAY_MS, HOUR_MS, HOURS_OF_DAY } from '../../../lib/time-units.ts';
import type { Database } from '../database.ts';
import { startOfTime, timeFromHex } from '../schema/id-bytes.ts';
import { sql } from '../sql/sql.ts';
import { fromHourOf, setFromHour, unfinishedOrganizations } from './progress.ts';
import { markHours } from './roll-up-marks.ts';

/** Organizations that are extended by one transaction. */
const ORGANIZATIONS_AT_ONCE = 100;

/** Adds the newest day with logs that is not rolled up yet of some organizations, by marking its hours as changed. */
export function extendBackwards(db: Database): boolean {
  const unfinished = unfinishedOrganizations(db, ORGANIZATIONS_AT_ONCE);
  if (unfinished.length === 0) return false;
  // The rest is read in the transaction, because logs that arrive before `from_hour` have no mark.
  db.transaction(() => {
    for (const organization of unfinished) {
      const end = fromHourOf(db, organization);
      const day = newestDayBefore(db, organization, end);
      const from = (day ?? 0) * HOURS_OF_DAY;
      setFromHour(db, organization, from);
      if (day !== null) markHours(db, organization, from, Math.min(from + HOURS_OF_DAY, end));
    }
  });
  return true;
}

/** The day of the newest log before an hour; null if there is none. */
function newestDayBefore(db: Database, organization: number, hour: number): number | null {
  const row = db.get(sql`
    SELECT lower(hex(id)) AS hex FROM request_logs
    WHERE organization_id = ${organization} AND id < ${startOfTime(hour * HOUR_MS)} ORDER BY id DESC LIMIT 1`);
  return row === undefined ? null : Math.floor(timeFromHex(String(row.hex)) / DAY_MS);
}
