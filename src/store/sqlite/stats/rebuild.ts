import { DAY_MS, HOUR_MS, SECOND_MS } from '../../../lib/time-units.ts';
import type { StoredValue } from '../../../stats/collector.ts';
import { CellBuilder, type Cells, ROLLED_UP_FIELDS } from '../../roll-ups/builder.ts';
import { withHour } from '../../roll-ups/day-cells.ts';
import { ROLL_UPS, type RollUp, type RollUpLimits } from '../../roll-ups/declared.ts';
import { UNIT_MS } from '../../roll-ups/split-time.ts';
import { encodeUnit } from '../../roll-ups/unit-cells.ts';
import type { Database } from '../database.ts';
import { startOfTime, timeFromHex } from '../schema/id-bytes.ts';
import { collectRows, type TakeRow } from '../sql/collect-rows.ts';
import { type Sql, sql } from '../sql/sql.ts';
import { STOP_CHECK } from '../sql/stop-check.ts';
import { measuredValues } from './collect-logs.ts';
import { organizationsOf } from './organizations.ts';
import { fromHourOf } from './roll-up-marks.ts';

const HOURS_OF_DAY = DAY_MS / HOUR_MS;
const UNITS_OF_HOUR = HOUR_MS / UNIT_MS;
/** How long after its end an hour is expected to get no more logs, in milliseconds. */
const SETTLE_MS = 10 * SECOND_MS;
/** Changes after which the current hour, or the current unit of a dense one, is built before it ends. */
/** Rows of a transaction: it takes some ten milliseconds at most. */
const ROWS_AT_ONCE = 500;
/** Logs of units that are built together. */
const LOGS_AT_ONCE = 50_000;
const DUE_CHANGES = { hour: 1_000, unit: 50_000 } as const;

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
  else if (hour !== null) buildDueHour(db, now, hour, limits);
  else return extendBackwards(db, limits);
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
  return sql`(unit < ${Math.floor(now / UNIT_MS)} OR changes >= ${DUE_CHANGES.unit})`;
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
    WHERE hour < ${unsettledHour(now)} OR changes >= ${DUE_CHANGES.hour}
      AND NOT EXISTS (SELECT 1 FROM roll_up_dense_hours AS dense
        WHERE dense.organization_id = roll_up_marks.organization_id AND dense.hour = roll_up_marks.hour)
    ORDER BY changes DESC LIMIT 1`);
  return due ?? null;
}

function buildDueHour(
  db: Database,
  now: number,
  { organization, hour, changes }: DueHour,
  limits: RollUpLimits,
): void {
  if (hour >= unsettledHour(now) && changes >= limits.denseHour) {
    db.transaction(() => keepInUnits(db, organization, hour));
  } else buildHour(db, organization, hour, limits);
}

/** Builds the cells of an hour from its logs. */
function buildHour(db: Database, organization: number, hour: number, limits: RollUpLimits): void {
  const mark = sql`SELECT changes FROM roll_up_marks WHERE organization_id = ${organization} AND hour = ${hour}`;
  const { changes, builder } = db.snapshot(() => ({
    changes: db.get(mark)?.changes,
    builder: cellsOf(db, organization, hour * HOUR_MS, (hour + 1) * HOUR_MS),
  }));
  const cells = builder.finish(limits.bytesPerLog);
  let next = 0;
  const writeSome = () => {
    if (db.get(mark)?.changes !== changes) return false;
    for (let rows = 0; next < ROLL_UPS.length && rows < ROWS_AT_ONCE; next++) {
      rows += writeHour(db, organization, ROLL_UPS[next]!, hour, cells[next]!);
    }
    if (next < ROLL_UPS.length) return true;
    db.run(sql`DELETE FROM roll_up_marks WHERE organization_id = ${organization} AND hour = ${hour}`);
    if (builder.logs >= limits.denseHour) keepInUnits(db, organization, hour);
    return false;
  };
  while (db.transaction(writeSome));
}

/**
 * Replaces the cells of an hour in the rows of its day. Call it in a transaction.
 *
 * @returns the number of rows that it read or wrote.
 */
function writeHour(db: Database, organization: number, { code }: RollUp, hour: number, cells: Cells): number {
  const day = Math.floor(hour / HOURS_OF_DAY);
  const hourOfDay = hour - day * HOURS_OF_DAY;
  const ofDay = sql`organization_id = ${organization} AND roll_up = ${code} AND day = ${day}`;
  const left = new Map(cells);
  let [groups, rows] = [0, 0];
  for (const [key, total, hours] of db.rows<[string, Uint8Array, Uint8Array]>(
    sql`SELECT key, total, hours FROM roll_up_days WHERE ${ofDay}`,
  )) {
    rows++;
    const before = { total, hours };
    const after = withHour(before, day, hourOfDay, left.get(key));
    left.delete(key);
    if (after !== undefined) groups++;
    if (after === undefined) db.run(sql`DELETE FROM roll_up_days WHERE ${ofDay} AND key = ${key}`);
    else if (after !== before) {
      db.run(
        sql`UPDATE roll_up_days SET total = ${after.total}, hours = ${after.hours} WHERE ${ofDay} AND key = ${key}`,
      );
    }
  }
  for (const [key, cell] of left) {
    groups++;
    rows++;
    const added = withHour(undefined, day, hourOfDay, cell)!;
    db.run(sql`
      INSERT INTO roll_up_days (organization_id, roll_up, day, key, total, hours)
      VALUES (${organization}, ${code}, ${day}, ${key}, ${added.total}, ${added.hours})`);
  }
  const before = Number(
    db.get(sql`SELECT hours_left_out AS hours FROM roll_up_contents WHERE ${ofDay}`)?.hours ?? 0,
  );
  const leftOut = cells === null ? before | (1 << hourOfDay) : before & ~(1 << hourOfDay);
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
    built.push({ unit, cells: builder.finish(limits.bytesPerLog) });
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
  const take = (time: string, status: number, units: number, duration: number, ...values: StoredValue[]) =>
    builder.add(Number.parseInt(time, 16), status, units, duration < 0 ? null : duration, values);
  db.collect(
    sql`
      SELECT ${collectRows(measuredValues(ROLLED_UP_FIELDS))} FROM request_logs
      WHERE organization_id = ${organization} AND id >= ${startOfTime(from)} AND id < ${startOfTime(to)} AND ${STOP_CHECK}`,
    take as TakeRow,
  );
  return builder;
}

/** Adds the newest hour with logs that is not rolled up yet, by marking it as changed, and builds it. */
function extendBackwards(db: Database, limits: RollUpLimits): boolean {
  const next = nextBackwards(db);
  if (next === null) return false;
  const { organization, hour } = next;
  db.transaction(() => {
    db.run(sql`
      INSERT OR REPLACE INTO roll_up_progress (organization_id, from_hour) VALUES (${organization}, ${hour ?? 0})`);
    if (hour === null) return;
    db.run(sql`
      INSERT INTO roll_up_marks (organization_id, hour, changes) VALUES (${organization}, ${hour}, 1)
      ON CONFLICT DO UPDATE SET changes = changes + 1`);
  });
  if (hour !== null) buildHour(db, organization, hour, limits);
  return true;
}

/** An organization that is not rolled up completely, and the hour of its newest log that is not; null if it has none. */
function nextBackwards(db: Database): { organization: number; hour: number | null } | null {
  for (const organization of organizationsOf(db)) {
    const fromHour = fromHourOf(db, organization);
    if (fromHour > 0) return { organization, hour: newestHourBefore(db, organization, fromHour) };
  }
  return null;
}

/** The hour of the newest log before an hour; null if there is none. */
function newestHourBefore(db: Database, organization: number, hour: number): number | null {
  const row = db.get(sql`
    SELECT lower(hex(id)) AS hex FROM request_logs
    WHERE organization_id = ${organization} AND id < ${startOfTime(hour * HOUR_MS)} ORDER BY id DESC LIMIT 1`);
  return row === undefined ? null : Math.floor(timeFromHex(String(row.hex)) / HOUR_MS);
}
