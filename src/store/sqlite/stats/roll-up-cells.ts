import { DAY_MS } from '../../../lib/time-units.ts';
import type { TimeRange } from '../../../stats/intervals.ts';
import type { RollUpUse } from '../../roll-ups/choose.ts';
import type { DayCells } from '../../roll-ups/day-cells.ts';
import type { RollUp } from '../../roll-ups/declared.ts';
import type { SplitTime } from '../../roll-ups/split-time.ts';
import type { Database } from '../database.ts';
import { raw, type Sql, sql } from '../sql/sql.ts';
import { STOP_CHECK } from '../sql/stop-check.ts';

/** Days that are read by one statement. */
const DAYS_AT_ONCE = 8;
/** Rows that are read in the time of a seek. */
const ROWS_OF_A_SEEK = 4;

/**
 * The cells of a roll-up on these days, of all groups or of those that can match.
 *
 * @param column `total`, or the encoded `hours`.
 */
export function* dayCells(
  db: Database,
  organization: number,
  use: RollUpUse,
  days: readonly number[],
  column: keyof DayCells,
): Generator<[day: number, key: string, cells: Uint8Array]> {
  const faster = withoutSlowSeeks(db, organization, use);
  for (let i = 0; i < days.length; i += DAYS_AT_ONCE) {
    const rows = cellsOfDays(organization, faster, days.slice(i, i + DAYS_AT_ONCE));
    yield* db.rows<[number, string, Uint8Array]>(
      sql`SELECT day, roll_up_days.key, ${raw(column)} FROM ${rows} AND ${STOP_CHECK}`,
    );
  }
}

/** The most cells that answering reads from the days of a split. */
export function daySizes(
  db: Database,
  organization: number,
  chosen: RollUpUse,
  { days, hours }: SplitTime,
): number {
  const use = withoutSlowSeeks(db, organization, chosen);
  const groups = new Map(
    use.keys === null
      ? db.rows<[number, number]>(sql`
          SELECT day, groups FROM roll_up_contents
          WHERE organization_id = ${organization} AND roll_up = ${use.rollUp.code}`)
      : [],
  );
  const read = [...days, ...hours.keys()];
  if (use.keys !== null) {
    for (const [day, count] of db.rows<[number, number]>(
      sql`SELECT day, count(*) FROM ${cellsOfDays(organization, use, read)} GROUP BY day`,
    )) {
      groups.set(day, count);
    }
  }
  const ofDays = days.reduce((sum, day) => sum + (groups.get(day) ?? 0), 0);
  return [...hours].reduce((sum, [day, mask]) => sum + (groups.get(day) ?? 0) * bitsIn(mask), ofDays);
}

/**
 * Reads all keys of a day where ranges of them would not be faster: a seek takes as long as some rows, because SQLite compares whole
 * rows with the key. Keys that do not match are left out later in any case.
 */
function withoutSlowSeeks(db: Database, organization: number, use: RollUpUse): RollUpUse {
  if (use.keys === null) return use;
  const { groups } = db.get(sql`
    SELECT max(groups) AS groups FROM roll_up_contents
    WHERE organization_id = ${organization} AND roll_up = ${use.rollUp.code}`)!;
  return use.keys.length * ROWS_OF_A_SEEK < Number(groups) ? use : { ...use, keys: null };
}

/** The table and the condition of its rows. */
function cellsOfDays(organization: number, { rollUp, keys }: RollUpUse, days: readonly number[]): Sql {
  const ranges = keys === null ? sql`` : sql`CROSS JOIN json_each(${JSON.stringify(keys)}) AS range`;
  const inRange = sql`AND roll_up_days.key >= range.value ->> 'from' AND roll_up_days.key < range.value ->> 'to'`;
  return sql`
    json_each(${JSON.stringify(days)}) AS days ${ranges} CROSS JOIN roll_up_days
    WHERE organization_id = ${organization} AND roll_up = ${rollUp.code} AND day = days.value ${keys === null ? sql`` : inRange}`;
}

/** By day: a bit for each hour that the roll-up leaves out. */
export function hoursLeftOut(
  db: Database,
  organization: number,
  { code }: RollUp,
  { from, to }: TimeRange,
): Map<number, number> {
  return new Map(
    db.rows<[number, number]>(sql`
      SELECT day, hours_left_out FROM roll_up_contents
      WHERE organization_id = ${organization} AND roll_up = ${code}
        AND day >= ${Math.floor(from / DAY_MS)} AND day < ${Math.ceil(to / DAY_MS)} AND hours_left_out <> 0`),
  );
}

/** The cells of a roll-up in these units: of all groups, encoded together. */
export function unitCells(
  db: Database,
  organization: number,
  rollUp: RollUp,
  units: readonly number[],
): [unit: number, cells: Uint8Array][] {
  if (units.length === 0) return [];
  return db.rows(
    sql`SELECT unit, cells FROM ${unitCondition(organization, rollUp, units)} AND ${STOP_CHECK}`,
  );
}

/** Number of cells in these units. */
export function unitSizes(
  db: Database,
  organization: number,
  { rollUp }: RollUpUse,
  units: readonly number[],
): number {
  if (units.length === 0) return 0;
  return Number(
    db.get(sql`SELECT total(groups) AS groups FROM ${unitCondition(organization, rollUp, units)}`)!.groups,
  );
}

function unitCondition(organization: number, { code }: RollUp, units: readonly number[]): Sql {
  return sql`
    json_each(${JSON.stringify(units)}) CROSS JOIN roll_up_units
    WHERE organization_id = ${organization} AND roll_up = ${code} AND unit = value`;
}

function bitsIn(mask: number): number {
  let count = 0;
  for (let rest = mask; rest !== 0; rest &= rest - 1) count++;
  return count;
}
