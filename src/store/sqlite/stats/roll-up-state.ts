import { HOUR_MS } from '../../../lib/time-units.ts';
import type { TimeRange } from '../../../stats/intervals.ts';
import type { RollUpState } from '../../roll-ups/coverage.ts';
import { UNIT_MS } from '../../roll-ups/split-time.ts';
import type { Database } from '../database.ts';
import { raw, type Sql, sql } from '../sql/sql.ts';
import { fromHourOf } from './progress.ts';

/** @param organization the number of its name. */
export function rollUpState(db: Database, organization: number, { from, to }: TimeRange): RollUpState {
  const hours = { from: Math.floor(from / HOUR_MS), to: Math.ceil(to / HOUR_MS) };
  const units = { from: Math.floor(from / UNIT_MS), to: Math.ceil(to / UNIT_MS) };
  const pairs = (statement: Sql) => new Map(db.rows<[number, number]>(statement));
  const within = (column: string, range: TimeRange) =>
    sql`organization_id = ${organization} AND ${raw(column)} >= ${range.from} AND ${raw(column)} < ${range.to}`;
  return {
    fromHour: fromHourOf(db, organization),
    changedHours: pairs(sql`SELECT hour, changes FROM roll_up_marks WHERE ${within('hour', hours)}`),
    changedUnits: pairs(sql`SELECT unit, changes FROM roll_up_unit_marks WHERE ${within('unit', units)}`),
    denseHours: pairs(sql`SELECT hour, left_out FROM roll_up_dense_hours WHERE ${within('hour', hours)}`),
  };
}
