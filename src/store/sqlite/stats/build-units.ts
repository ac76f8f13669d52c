import { hasBit, withBit } from '../../../lib/bits.ts';
import type { Cells } from '../../roll-ups/builder.ts';
import { ROLL_UPS, type RollUpLimits } from '../../roll-ups/declared.ts';
import { UNIT_MS, UNITS_OF_HOUR } from '../../roll-ups/split-time.ts';
import { encodeUnit } from '../../roll-ups/unit-cells.ts';
import type { Database } from '../database.ts';
import { type Sql, sql } from '../sql/sql.ts';
import { cellsOf } from './cells-of-logs.ts';

/** Logs of units that are built together. */
const LOGS_AT_ONCE = 50_000;
/** Changes after which the current unit of a dense hour is built before it ends. */
const DUE_CHANGES = 50_000;

interface DueUnit {
  readonly organization: number;
  readonly unit: number;
  /** How often it changed while it was built. */
  readonly failures: number;
}

/** The unit that is built next; null if none is due. */
export function dueUnit(db: Database, now: number): DueUnit | null {
  const [due] = db.all<DueUnit>(sql`
    SELECT organization_id AS organization, unit, failures FROM roll_up_unit_marks
    WHERE ${isDueUnit(now)} ORDER BY failures, changes DESC LIMIT 1`);
  return due ?? null;
}

/** The condition of the marks of units that are due. */
export function isDueUnit(now: number): Sql {
  return sql`(unit < ${Math.floor(now / UNIT_MS)} OR changes >= ${DUE_CHANGES})`;
}

/** Builds a unit and others of its hour that are due. */
export function buildDueUnits(
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
    const isLeftOut = hasBit(result, code);
    if (groups === null && !isLeftOut) {
      result = withBit(result, code);
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
