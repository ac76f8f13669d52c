import { DAY_MS, HOUR_MS } from '../../../lib/time-units.ts';
import { RelaylogError } from '../../../log/errors.ts';
import { CellBuilder, type Cells, ROLLED_UP_FIELDS } from '../../roll-ups/builder.ts';
import { ROLL_UPS, type RollUpLimits } from '../../roll-ups/declared.ts';
import { unsettledHour } from '../../roll-ups/settled.ts';
import { UNIT_MS } from '../../roll-ups/split-time.ts';
import { encodeUnit } from '../../roll-ups/unit-cells.ts';
import type { Database } from '../database.ts';
import { startOfTime, timeFromHex } from '../schema/id-bytes.ts';
import { collectRows } from '../sql/collect-rows.ts';
import { type Sql, sql } from '../sql/sql.ts';
import { STOP_CHECK } from '../sql/stop-check.ts';
import { measuredRow, measuredValues } from './collect-logs.ts';
import { DayWriter, type HourCells } from './day-writer.ts';
import { organizationsOf } from './organizations.ts';
import { DUE_CHANGES, fromHourOf, keepInUnits, markHours } from './roll-up-marks.ts';

const HOURS_OF_DAY = DAY_MS / HOUR_MS;
const UNITS_OF_HOUR = HOUR_MS / UNIT_MS;
/** Logs of hours or units that are built together. */
const LOGS_AT_ONCE = 50_000;
/** Changes after which the current unit of a dense hour is built before it ends. */
const DUE_UNIT_CHANGES = 50_000;

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

/** Whether `rollUpStep` would build something. */
export function hasDueRollUps(db: Database, now: number): boolean {
  const isDue = sql`
    SELECT EXISTS (SELECT 1 FROM roll_up_unit_marks WHERE ${isDueUnit(now)})
      OR EXISTS (SELECT 1 FROM roll_up_marks WHERE ${isDueHour(now)}) AS due`;
  return db.get(isDue)!.due === 1 || unfinishedOrganizations(db).length > 0;
}

/** A unit or hour, and how often it changed while it was built. */
interface Due {
  readonly organization: number;
  readonly failures: number;
}

interface DueUnit extends Due {
  readonly unit: number;
}

interface DueHour extends Due {
  readonly hour: number;
  readonly changes: number;
}

function dueUnit(db: Database, now: number): DueUnit | null {
  const [due] = db.all<DueUnit>(sql`
    SELECT organization_id AS organization, unit, failures FROM roll_up_unit_marks
    WHERE ${isDueUnit(now)} ORDER BY failures, changes DESC LIMIT 1`);
  return due ?? null;
}

function isDueUnit(now: number): Sql {
  return sql`(unit < ${Math.floor(now / UNIT_MS)} OR changes >= ${DUE_UNIT_CHANGES})`;
}

function buildDueUnits(
  db: Database,
  now: number,
  { organization, unit }: DueUnit,
  limits: RollUpLimits,
): void {
  const hour = Math.floor(unit / UNITS_OF_HOUR);
  const versions = new Map(
    db.rows<[unit: number, version: number]>(sql`
      SELECT unit, version FROM roll_up_unit_marks
      WHERE organization_id = ${organization} AND unit >= ${hour * UNITS_OF_HOUR} AND unit < ${(hour + 1) * UNITS_OF_HOUR}
        AND ${isDueUnit(now)}
      ORDER BY failures, changes DESC`),
  );
  buildUnits(db, organization, hour, versions, limits);
}

function dueHour(db: Database, now: number): DueHour | null {
  const [due] = db.all<DueHour>(sql`
    SELECT organization_id AS organization, hour, changes, failures FROM roll_up_marks
    WHERE ${isDueHour(now)} ORDER BY failures, changes DESC LIMIT 1`);
  return due ?? null;
}

function isDueHour(now: number): Sql {
  return sql`(hour < ${unsettledHour(now)} OR changes >= ${DUE_CHANGES}
    AND NOT EXISTS (SELECT 1 FROM roll_up_dense_hours AS dense
      WHERE dense.organization_id = roll_up_marks.organization_id AND dense.hour = roll_up_marks.hour))`;
}

function buildDueHours(
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

/** Builds the cells of units of a dense hour from their logs. @param due by unit: the version of its mark. */
function buildUnits(
  db: Database,
  organization: number,
  hour: number,
  due: ReadonlyMap<number, number>,
  limits: RollUpLimits,
): void {
  const built: { unit: number; cells: Cells[] }[] = [];
  let logs = 0;
  for (const unit of due.keys()) {
    const builder = cellsOf(db, organization, unit * UNIT_MS, (unit + 1) * UNIT_MS);
    built.push({ unit, cells: builder.finish(limits.unitBytesPerLog) });
    logs += builder.logs;
    if (logs >= LOGS_AT_ONCE) break;
  }
  const ofHour = sql`organization_id = ${organization} AND hour = ${hour}`;
  db.transaction(() => {
    const dense = db.get(sql`SELECT left_out FROM roll_up_dense_hours WHERE ${ofHour}`);
    if (dense === undefined) return;
    let leftOut = Number(dense.left_out);
    for (const { unit, cells } of built) {
      const ofUnit = sql`organization_id = ${organization} AND unit = ${unit}`;
      if (db.get(sql`SELECT version FROM roll_up_unit_marks WHERE ${ofUnit}`)?.version !== due.get(unit)) {
        db.run(sql`UPDATE roll_up_unit_marks SET failures = failures + 1 WHERE ${ofUnit}`);
        continue;
      }
      leftOut = writeUnit(db, organization, unit, cells, leftOut);
      db.run(sql`DELETE FROM roll_up_unit_marks WHERE ${ofUnit}`);
    }
    db.run(sql`UPDATE roll_up_dense_hours SET left_out = ${leftOut} WHERE ${ofHour}`);
  });
}

/** @param leftOut a bit for the code of each roll-up that the hour leaves out. @returns the same with this unit. */
function writeUnit(
  db: Database,
  organization: number,
  unit: number,
  cells: readonly Cells[],
  leftOut: number,
): number {
  let result = leftOut;
  for (const [i, { code }] of ROLL_UPS.entries()) {
    const groups = cells[i]!;
    const ofRollUp = sql`organization_id = ${organization} AND roll_up = ${code}`;
    const isLeftOut = ((result >>> code) & 1) === 1;
    if (groups === null && !isLeftOut) {
      result |= 1 << code;
      const first = unit - (unit % UNITS_OF_HOUR);
      db.run(
        sql`DELETE FROM roll_up_units WHERE ${ofRollUp} AND unit >= ${first} AND unit < ${first + UNITS_OF_HOUR}`,
      );
    }
    if (groups === null || isLeftOut) continue;
    if (groups.size === 0) db.run(sql`DELETE FROM roll_up_units WHERE ${ofRollUp} AND unit = ${unit}`);
    else {
      db.run(sql`
        INSERT OR REPLACE INTO roll_up_units (organization_id, roll_up, unit, groups, cells)
        VALUES (${organization}, ${code}, ${unit}, ${groups.size}, ${encodeUnit(groups)})`);
    }
  }
  return result;
}

/** The cells of a span of time, from its logs. */
export function cellsOf(db: Database, organization: number, from: number, to: number): CellBuilder {
  const builder = new CellBuilder(from);
  const take = measuredRow(ROLLED_UP_FIELDS, (time, status, units, duration, values) =>
    builder.add(time, status, units, duration, values),
  );
  db.collect(
    sql`
      SELECT ${collectRows(measuredValues(ROLLED_UP_FIELDS))} FROM request_logs
      WHERE organization_id = ${organization} AND id >= ${startOfTime(from)} AND id < ${startOfTime(to)} AND ${STOP_CHECK}`,
    take,
  );
  return builder;
}

/** Organizations that are extended by one transaction: finding them reads all organizations. */
const ORGANIZATIONS_AT_ONCE = 100;

/** Adds the newest day with logs that is not rolled up yet of some organizations, by marking its hours as changed. */
function extendBackwards(db: Database): boolean {
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
function unfinishedOrganizations(db: Database): number[] {
  return organizationsOf(db).filter((organization) => fromHourOf(db, organization) > 0);
}

/** The day of the newest log before an hour; null if there is none. */
function newestDayBefore(db: Database, organization: number, hour: number): number | null {
  const row = db.get(sql`
    SELECT lower(hex(id)) AS hex FROM request_logs
    WHERE organization_id = ${organization} AND id < ${startOfTime(hour * HOUR_MS)} ORDER BY id DESC LIMIT 1`);
  return row === undefined ? null : Math.floor(timeFromHex(String(row.hex)) / DAY_MS);
}
