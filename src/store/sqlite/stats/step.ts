import type { RollUpLimits } from '../../roll-ups/declared.ts';
import type { Database } from '../database.ts';
import { sql } from '../sql/sql.ts';
import { buildDueHours, dueHour, isDueHour } from './build-hours.ts';
import { buildDueUnits, dueUnit, isDueUnit } from './build-units.ts';
import { extendBackwards } from './extend-backwards.ts';
import { unfinishedOrganizations } from './progress.ts';

/**
 * Builds some cells of one organization that are missing or out of date. It reads outside of write transactions, and each of its
 * transactions takes some ten milliseconds at most. What was changed meanwhile stays marked, and is tried again after the others.
 *
 * @param now Unix milliseconds.
 * @returns false if nothing is due.
 */
export function rollUpStep(db: Database, now: number, limits: RollUpLimits): boolean {
  const unit = dueUnit(db, now);
  const hour = dueHour(db, now);
  const failures = Math.min(...[unit, hour].map((due) => due?.failures ?? Number.POSITIVE_INFINITY));
  if (failures > 0 && extendBackwards(db)) return true;
  if (unit?.failures === failures) buildDueUnits(db, now, unit, limits);
  else if (hour !== null) buildDueHours(db, now, hour, limits);
  else return false;
  return true;
}

/** Whether `rollUpStep` would build something. It takes less than a millisecond. */
export function hasDueRollUps(db: Database, now: number): boolean {
  const isDue = sql`
    SELECT EXISTS (SELECT 1 FROM roll_up_unit_marks WHERE ${isDueUnit(now)})
      OR EXISTS (SELECT 1 FROM roll_up_marks WHERE ${isDueHour(now)}) AS due`;
  return db.get(isDue)!.due === 1 || unfinishedOrganizations(db, 1).length > 0;
}
