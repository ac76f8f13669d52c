import { DAY_MS, HOUR_MS, SECOND_MS } from '../../../lib/time-units.ts';
import { CellBuilder, type Cells, ROLLED_UP_FIELDS } from '../../roll-ups/builder.ts';
import { withHours } from '../../roll-ups/day-cells.ts';
import { ROLL_UPS, type RollUp, type RollUpLimits } from '../../roll-ups/declared.ts';
import { UNIT_MS } from '../../roll-ups/split-time.ts';
import { encodeUnit } from '../../roll-ups/unit-cells.ts';
import type { Database } from '../database.ts';
import { startOfTime, timeFromHex } from '../schema/id-bytes.ts';
import { collectRows } from '../sql/collect-rows.ts';
import { type Sql, sql } from '../sql/sql.ts';
import { STOP_CHECK } from '../sql/stop-check.ts';
import { measuredRow, measuredValues } from './collect-logs.ts';
import { organizationsOf } from './organizations.ts';
import { DUE_CHANGES, fromHourOf, markHours } from './roll-up-marks.ts';

const HOURS_OF_DAY = DAY_MS / HOUR_MS;
const UNITS_OF_HOUR = HOUR_MS / UNIT_MS;
/** How long after its end an hour is expected to get no more logs, in milliseconds. */
const SETTLE_MS = 10 * SECOND_MS;
/** Rows of a transaction: it takes some ten milliseconds at most. */
const ROWS_AT_ONCE = 500;
/** Logs of hours or units that are built together. */
const LOGS_AT_ONCE = 50_000;
/** Changes after which the current unit of a dense hour is built before it ends. */
const DUE_UNIT_CHANGES = 50_000;

/**
 * Builds some cells of one organization that are missing or out of date. It reads outside of write transactions, and each of its
 * transactions takes some ten milliseconds at most. What was changed meanwhile stays marked.
 *
 * @param now Unix milliseconds.
 * @returns false if nothing is due.
 */
export function rollUpStep(db: Database, now: number, limits: RollUpLimits): boolean {
  const unit = dueUnit(db, now);
  const hour = unit === null ? dueHour(db, now) : null;
  if (unit !== null) buildDueUnits(db, now, unit, limits);
  else if (hour !== null) buildDueHours(db, now, hour, limits);
  else return extendBackwards(db);
  return true;
}

/** Whether `rollUpStep` would build something. It takes less than a millisecond. */
export function hasDueRollUps(db: Database, now: number): boolean {
  return dueUnit(db, now) !== null || dueHour(db, now) !== null || nextBackwards(db) !== null;
}

interface DueUnit {
  readonly organization: number;
  readonly unit: number;
}

interface DueHour {
  readonly organization: number;
  readonly hour: number;
  readonly changes: number;
}

function dueUnit(db: Database, now: number): DueUnit | null {
  const [due] = db.all<DueUnit>(sql`
    SELECT organization_id AS organization, unit FROM roll_up_unit_marks
    WHERE ${isDueUnit(now)} ORDER BY changes DESC LIMIT 1`);
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
  const changes = new Map(
    db.rows<[unit: number, changes: number]>(sql`
      SELECT unit, changes FROM roll_up_unit_marks
      WHERE organization_id = ${organization} AND unit >= ${hour * UNITS_OF_HOUR} AND unit < ${(hour + 1) * UNITS_OF_HOUR}
        AND ${isDueUnit(now)}
      ORDER BY changes DESC`),
  );
  buildUnits(db, organization, hour, changes, limits);
}

/** The first hour that is not settled. */
function unsettledHour(now: number): number {
  return Math.floor((now - SETTLE_MS) / HOUR_MS);
}

function dueHour(db: Database, now: number): DueHour | null {
  const [due] = db.all<DueHour>(sql`
    SELECT organization_id AS organization, hour, changes FROM roll_up_marks
    WHERE hour < ${unsettledHour(now)} OR changes >= ${DUE_CHANGES}
      AND NOT EXISTS (SELECT 1 FROM roll_up_dense_hours AS dense
        WHERE dense.organization_id = roll_up_marks.organization_id AND dense.hour = roll_up_marks.hour)
    ORDER BY changes DESC LIMIT 1`);
  return due ?? null;
}

function buildDueHours(
  db: Database,
  now: number,
  { organization, hour, changes }: DueHour,
  limits: RollUpLimits,
): void {
  if (hour >= unsettledHour(now) && changes >= limits.denseHour) {
    db.transaction(() => keepInUnits(db, organization, hour));
    return;
  }
  const day = Math.floor(hour / HOURS_OF_DAY);
  const end = Math.min((day + 1) * HOURS_OF_DAY, unsettledHour(now));
  const others = db.rows<[hour: number]>(sql`
    SELECT hour FROM roll_up_marks
    WHERE organization_id = ${organization} AND hour >= ${day * HOURS_OF_DAY} AND hour < ${end}`);
  buildHours(
    db,
    organization,
    day,
    [hour, ...others.map(([other]) => other).filter((other) => other !== hour)],
    limits,
  );
}

interface BuiltHour {
  readonly hour: number;
  /** The changes that were marked when the logs were read. */
  readonly changes: unknown;
  readonly logs: number;
  /** In the order of `ROLL_UPS`. */
  readonly cells: readonly Cells[];
}

/** Builds the cells of hours of one day from their logs: of the first one, and of the others as far as they have few logs. */
function buildHours(
  db: Database,
  organization: number,
  day: number,
  hours: readonly number[],
  limits: RollUpLimits,
): void {
  const changesOf = (hour: number) =>
    db.get(sql`SELECT changes FROM roll_up_marks WHERE organization_id = ${organization} AND hour = ${hour}`)
      ?.changes;
  const built: BuiltHour[] = [];
  let logs = 0;
  for (const hour of hours) {
    built.push(
      db.snapshot(() => {
        const builder = cellsOf(db, organization, hour * HOUR_MS, (hour + 1) * HOUR_MS);
        return {
          hour,
          changes: changesOf(hour),
          logs: builder.logs,
          cells: builder.finish(limits.hourBytesPerLog),
        };
      }),
    );
    logs += built.at(-1)!.logs;
    if (logs >= LOGS_AT_ONCE) break;
  }
  let next = 0;
  const writeSome = () => {
    const unchanged = built.filter(({ hour, changes }) => changesOf(hour) === changes);
    for (let rows = 0; next < ROLL_UPS.length && rows < ROWS_AT_ONCE; next++) {
      rows += writeHours(db, organization, ROLL_UPS[next]!, day, unchanged, next);
    }
    if (next < ROLL_UPS.length) return true;
    for (const { hour, logs: ofHour } of unchanged) {
      db.run(sql`DELETE FROM roll_up_marks WHERE organization_id = ${organization} AND hour = ${hour}`);
      if (ofHour >= limits.denseHour) keepInUnits(db, organization, hour);
    }
    return false;
  };
  while (db.transaction(writeSome));
}

/**
 * Replaces the cells of hours in the rows of their day. Call it in a transaction.
 *
 * @param index of the roll-up in `ROLL_UPS`.
 * @returns the number of rows that it read or wrote.
 */
function writeHours(
  db: Database,
  organization: number,
  { code }: RollUp,
  day: number,
  built: readonly BuiltHour[],
  index: number,
): number {
  const ofDay = sql`organization_id = ${organization} AND roll_up = ${code} AND day = ${day}`;
  const cells = built.map(({ hour, cells: ofHour }) => [hour - day * HOURS_OF_DAY, ofHour[index]!] as const);
  const changesOf = (key: string) => new Map(cells.map(([hour, groups]) => [hour, groups?.get(key)]));
  const left = new Set(cells.flatMap(([, groups]) => [...(groups?.keys() ?? [])]));
  let [groups, rows] = [0, 0];
  for (const [key, total, hours] of db.rows<[string, Uint8Array, Uint8Array]>(
    sql`SELECT key, total, hours FROM roll_up_days WHERE ${ofDay}`,
  )) {
    rows++;
    const before = { total, hours };
    const after = withHours(before, day, changesOf(key));
    left.delete(key);
    if (after !== undefined) groups++;
    if (after === undefined) db.run(sql`DELETE FROM roll_up_days WHERE ${ofDay} AND key = ${key}`);
    else if (after !== before) {
      db.run(
        sql`UPDATE roll_up_days SET total = ${after.total}, hours = ${after.hours} WHERE ${ofDay} AND key = ${key}`,
      );
    }
  }
  for (const key of left) {
    groups++;
    rows++;
    const added = withHours(undefined, day, changesOf(key))!;
    db.run(sql`
      INSERT INTO roll_up_days (organization_id, roll_up, day, key, total, hours)
      VALUES (${organization}, ${code}, ${day}, ${key}, ${added.total}, ${added.hours})`);
  }
  let leftOut = Number(
    db.get(sql`SELECT hours_left_out AS hours FROM roll_up_contents WHERE ${ofDay}`)?.hours ?? 0,
  );
  for (const [hour, ofHour] of cells)
    leftOut = ofHour === null ? leftOut | (1 << hour) : leftOut & ~(1 << hour);
  if (groups === 0 && leftOut === 0) db.run(sql`DELETE FROM roll_up_contents WHERE ${ofDay}`);
  else {
    db.run(sql`
      INSERT OR REPLACE INTO roll_up_contents (organization_id, roll_up, day, groups, hours_left_out)
      VALUES (${organization}, ${code}, ${day}, ${groups}, ${leftOut})`);
  }
  return rows;
}

/** Keeps an hour in units from now on: all of them are marked as changed. Call it in a transaction. */
function keepInUnits(db: Database, organization: number, hour: number): void {
  const isNew = db.run(sql`
    INSERT INTO roll_up_dense_hours (organization_id, hour, left_out) VALUES (${organization}, ${hour}, 0)
    ON CONFLICT DO NOTHING`);
  if (isNew === 0) return;
  for (let unit = hour * UNITS_OF_HOUR; unit < (hour + 1) * UNITS_OF_HOUR; unit++) {
    db.run(
      sql`INSERT INTO roll_up_unit_marks (organization_id, unit, changes) VALUES (${organization}, ${unit}, 1)`,
    );
  }
}

/** Builds the cells of units of a dense hour from their logs. @param due by unit: the changes that are marked. */
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
      if (db.get(sql`SELECT changes FROM roll_up_unit_marks WHERE ${ofUnit}`)?.changes !== due.get(unit))
        continue;
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

/** Adds the newest day with logs that is not rolled up yet, by marking its hours as changed. */
function extendBackwards(db: Database): boolean {
  const next = nextBackwards(db);
  if (next === null) return false;
  const { organization, day, end } = next;
  const from = (day ?? 0) * HOURS_OF_DAY;
  db.transaction(() => {
    db.run(sql`
      INSERT OR REPLACE INTO roll_up_progress (organization_id, from_hour) VALUES (${organization}, ${from})`);
    if (day !== null) markHours(db, organization, from, Math.min(from + HOURS_OF_DAY, end));
  });
  return true;
}

/**
 * An organization that is not rolled up completely: the day of its newest log that is not, null if there is none, and the first
 * hour that is rolled up.
 */
function nextBackwards(db: Database): { organization: number; day: number | null; end: number } | null {
  for (const organization of organizationsOf(db)) {
    const fromHour = fromHourOf(db, organization);
    if (fromHour > 0)
      return { organization, day: newestDayBefore(db, organization, fromHour), end: fromHour };
  }
  return null;
}

/** The day of the newest log before an hour; null if there is none. */
function newestDayBefore(db: Database, organization: number, hour: number): number | null {
  const row = db.get(sql`
    SELECT lower(hex(id)) AS hex FROM request_logs
    WHERE organization_id = ${organization} AND id < ${startOfTime(hour * HOUR_MS)} ORDER BY id DESC LIMIT 1`);
  return row === undefined ? null : Math.floor(timeFromHex(String(row.hex)) / DAY_MS);
}
