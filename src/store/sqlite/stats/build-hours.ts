import { HOUR_MS, HOURS_OF_DAY } from '../../../lib/time-units.ts';
import { RelaylogError } from '../../../log/errors.ts';
import type { RollUpLimits } from '../../roll-ups/declared.ts';
import { unsettledHour } from '../../roll-ups/settled.ts';
import type { Database } from '../database.ts';
import { type Sql, sql } from '../sql/sql.ts';
import { cellsOf } from './cells-of-logs.ts';
import { DayWriter, type HourCells } from './day-writer.ts';
import { DUE_CHANGES, keepInUnits } from './roll-up-marks.ts';

/** Logs of hours that are built together. */
const LOGS_AT_ONCE = 50_000;

interface DueHour {
  readonly organization: number;
  readonly hour: number;
  readonly changes: number;
  /** How often it changed while it was built. */
  readonly failures: number;
}

/** The hour that is built next; null if none is due. */
export function dueHour(db: Database, now: number): DueHour | null {
  const [due] = db.all<DueHour>(sql`
    SELECT organization_id AS organization, hour, changes, failures FROM roll_up_marks
    WHERE ${isDueHour(now)} ORDER BY failures, changes DESC LIMIT 1`);
  return due ?? null;
}

/** The condition of the marks of hours that are due. */
export function isDueHour(now: number): Sql {
  return sql`(hour < ${unsettledHour(now)} OR changes >= ${DUE_CHANGES}
    AND NOT EXISTS (SELECT 1 FROM roll_up_dense_hours AS dense
      WHERE dense.organization_id = roll_up_marks.organization_id AND dense.hour = roll_up_marks.hour))`;
}

/** Builds an hour and others of its day that are due, or keeps it in units from now on. */
export function buildDueHours(
  db: Database,
  now: number,
  { organization, hour, changes }: DueHour,
  limits: RollUpLimits,
): void {
  if (hour >= unsettledHour(now) && changes >= limits.denseHour) {
    db.transaction(() => {
      if (versionOf(db, organization, hour) !== undefined) keepInUnits(db, organization, hour);
    });
    return;
  }
  const day = Math.floor(hour / HOURS_OF_DAY);
  const end = Math.min((day + 1) * HOURS_OF_DAY, unsettledHour(now));
  const others = db.rows<[hour: number]>(sql`
    SELECT hour FROM roll_up_marks
    WHERE organization_id = ${organization} AND hour >= ${day * HOURS_OF_DAY} AND hour < ${end}
    ORDER BY failures`);
  const hours = [hour, ...others.map(([other]) => other).filter((other) => other !== hour)];
  try {
    writeHours(db, organization, day, readHours(db, organization, hours, limits), limits);
  } catch (error) {
    // The cells of the day are damaged. Other hours are built before it is tried again.
    if (!(error instanceof RelaylogError)) db.transaction(() => addFailure(db, organization, [hour]));
    throw error;
  }
}

function addFailure(db: Database, organization: number, hours: readonly number[]): void {
  db.run(sql`
    UPDATE roll_up_marks SET failures = failures + 1
    WHERE organization_id = ${organization} AND hour IN (SELECT value FROM json_each(${JSON.stringify(hours)}))`);
}

/** The version of the mark of an hour; undefined if it has none. */
function versionOf(db: Database, organization: number, hour: number): unknown {
  return db.get(
    sql`SELECT version FROM roll_up_marks WHERE organization_id = ${organization} AND hour = ${hour}`,
  )?.version;
}

interface BuiltHour extends HourCells {
  /** The version of the hour's mark when the logs were read. */
  readonly version: unknown;
  readonly logs: number;
}

/** Builds the cells of marked hours of one day from their logs: of the first one, and of the others as far as they have few logs. */
function readHours(
  db: Database,
  organization: number,
  hours: readonly number[],
  limits: RollUpLimits,
): BuiltHour[] {
  const built: BuiltHour[] = [];
  let logs = 0;
  for (const hour of hours) {
    const one = db.snapshot(() => {
      const version = versionOf(db, organization, hour);
      // Another process has built it meanwhile.
      if (version === undefined) return null;
      const builder = cellsOf(db, organization, hour * HOUR_MS, (hour + 1) * HOUR_MS);
      return { hour, version, logs: builder.logs, cells: builder.finish(limits.hourBytesPerLog) };
    });
    if (one === null) continue;
    built.push(one);
    logs += one.logs;
    if (logs >= LOGS_AT_ONCE) break;
  }
  return built;
}

/** Writes the cells of the hours whose marks have not changed since their logs were read, and then clears these marks. */
function writeHours(
  db: Database,
  organization: number,
  day: number,
  built: readonly BuiltHour[],
  limits: RollUpLimits,
): void {
  const writer = new DayWriter(db, organization, day);
  const writeSome = () => {
    const unchanged = built.filter(({ hour, version }) => versionOf(db, organization, hour) === version);
    if (unchanged.length > 0 && writer.writeSome(unchanged)) return true;
    for (const { hour, logs } of unchanged) {
      db.run(sql`DELETE FROM roll_up_marks WHERE organization_id = ${organization} AND hour = ${hour}`);
      if (logs >= limits.denseHour) keepInUnits(db, organization, hour);
    }
    const changed = built.filter((one) => !unchanged.includes(one)).map(({ hour }) => hour);
    addFailure(db, organization, changed);
    return false;
  };
  while (db.transaction(writeSome));
}
