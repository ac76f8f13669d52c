import { DAY_MS, HOUR_MS } from '../../../lib/time-units.ts';
import type { Database } from '../database.ts';
import { startOfTime, timeFromHex } from '../schema/id-bytes.ts';
import { sql } from '../sql/sql.ts';
import { organizationsOf } from './organizations.ts';
import { fromHourOf, markHours } from './roll-up-marks.ts';

const HOURS_OF_DAY = DAY_MS / HOUR_MS;
/** Organizations that are extended by one transaction: finding them reads all organizations. */
const ORGANIZATIONS_AT_ONCE = 100;

/** Adds the newest day with logs that is not rolled up yet of some organizations, by marking its hours as changed. */
export function extendBackwards(db: Database): boolean {
  const unfinished = unfinishedOrganizations(db).slice(0, ORGANIZATIONS_AT_ONCE);
  if (unfinished.length === 0) return false;
  // The rest is read in the transaction, because logs that arrive before `from_hour` have no mark.
  db.transaction(() => {
    for (const organization of unfinished) {
      const end = fromHourOf(db, organization);
      const day = newestDayBefore(db, organization, end);
      const from = (day ?? 0) * HOURS_OF_DAY;
      db.run(sql`
        INSERT OR REPLACE INTO roll_up_progress (organization_id, from_hour) VALUES (${organization}, ${from})`);
      if (day !== null) markHours(db, organization, from, Math.min(from + HOURS_OF_DAY, end));
    }
  });
  return true;
}

/** The organizations that are not rolled up completely. */
export function unfinishedOrganizations(db: Database): number[] {
  return organizationsOf(db).filter((organization) => fromHourOf(db, organization) > 0);
}

/** The day of the newest log before an hour; null if there is none. */
function newestDayBefore(db: Database, organization: number, hour: number): number | null {
  const row = db.get(sql`
    SELECT lower(hex(id)) AS hex FROM request_logs
    WHERE organization_id = ${organization} AND id < ${startOfTime(hour * HOUR_MS)} ORDER BY id DESC LIMIT 1`);
  return row === undefined ? null : Math.floor(timeFromHex(String(row.hex)) / DAY_MS);
}
