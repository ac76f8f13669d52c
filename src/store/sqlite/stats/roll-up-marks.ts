import { DAY_MS, HOUR_MS, HOURS_OF_DAY } from '../../../lib/time-units.ts';
import { ROLL_UPS } from '../../roll-ups/declared.ts';
import { UNIT_MS, UNITS_OF_HOUR } from '../../roll-ups/split-time.ts';
import type { Database } from '../database.ts';
import { startOfTime } from '../schema/id-bytes.ts';
import { raw, sql } from '../sql/sql.ts';
import { addedFromHourOf, fromHourOf } from './progress.ts';

/** Changes after which the current hour is built before it ends. */
export const DUE_CHANGES = 1_000;

/**
 * A new version of a mark, which no mark had before: a build may clear a mark only if it still has the version that it had when the
 * logs were read. A count of changes would not do: it comes again after another process has cleared the mark.
 */
const NEW_VERSION = raw('random() & 9007199254740991');

const ADD_CHANGES = raw(
  'ON CONFLICT DO UPDATE SET changes = changes + excluded.changes, version = excluded.version',
);

/**
 * Marks the hours and units of inserted logs as changed, so that their cells are not used until they are built again. Collect the
 * logs of a transaction, then `write` within it. Hours before the first one that is rolled up need no mark.
 */
export class InsertMarks {
  readonly #db: Database;
  /** By organization and unit: the number of inserted logs. */
  readonly #changes = new Map<number, Map<number, number>>();

  constructor(db: Database) {
    this.#db = db;
  }

  add(organization: number, createdAt: number): void {
    let units = this.#changes.get(organization);
    if (units === undefined) {
      units = new Map();
      this.#changes.set(organization, units);
    }
    const unit = Math.floor(createdAt / UNIT_MS);
    units.set(unit, (units.get(unit) ?? 0) + 1);
  }

  write(): void {
    for (const [organization, units] of this.#changes) {
      const fromHour = addedFromHourOf(this.#db, organization);
      const hours = Map.groupBy(units, ([unit]) => Math.floor(unit / UNITS_OF_HOUR));
      for (const [hour, changed] of hours) {
        if (hour < fromHour) continue;
        const changes = changed.reduce((sum, [, count]) => sum + count, 0);
        this.#db.run(sql`
          INSERT INTO roll_up_marks (organization_id, hour, changes, version)
          VALUES (${organization}, ${hour}, ${changes}, ${NEW_VERSION}) ${ADD_CHANGES}`);
        const dense = sql`SELECT 1 FROM roll_up_dense_hours WHERE organization_id = ${organization} AND hour = ${hour}`;
        if (this.#db.get(dense) === undefined) continue;
        for (const [unit, count] of changed) {
          this.#db.run(sql`
            INSERT INTO roll_up_unit_marks (organization_id, unit, changes, version)
            VALUES (${organization}, ${unit}, ${count}, ${NEW_VERSION}) ${ADD_CHANGES}`);
        }
      }
    }
  }
}

/**
 * Deletes the cells of the days of deleted logs, which hold their values, and marks the hours of these days as changed. Call it
 * in the transaction that deletes the logs.
 */
export function dropRollUps(db: Database, organization: number, createdAts: readonly number[]): void {
  const fromHour = fromHourOf(db, organization);
  for (const day of new Set(createdAts.map((time) => Math.floor(time / DAY_MS)))) {
    const firstHour = day * HOURS_OF_DAY;
    const endHour = firstHour + HOURS_OF_DAY;
    const [firstUnit, endUnit] = [firstHour * UNITS_OF_HOUR, endHour * UNITS_OF_HOUR];
    for (const { code } of ROLL_UPS) {
      const ofRollUp = sql`organization_id = ${organization} AND roll_up = ${code}`;
      db.run(sql`DELETE FROM roll_up_days WHERE ${ofRollUp} AND day = ${day}`);
      db.run(sql`DELETE FROM roll_up_contents WHERE ${ofRollUp} AND day = ${day}`);
      db.run(sql`DELETE FROM roll_up_units WHERE ${ofRollUp} AND unit >= ${firstUnit} AND unit < ${endUnit}`);
    }
    const ofOrganization = sql`organization_id = ${organization}`;
    db.run(
      sql`DELETE FROM roll_up_dense_hours WHERE ${ofOrganization} AND hour >= ${firstHour} AND hour < ${endHour}`,
    );
    db.run(
      sql`DELETE FROM roll_up_unit_marks WHERE ${ofOrganization} AND unit >= ${firstUnit} AND unit < ${endUnit}`,
    );
    markHours(db, organization, Math.max(firstHour, fromHour), endHour);
  }
}

/** Marks the hours that have logs as changed, so that they are built at once. Call it in a transaction. @param to exclusive. */
export function markHours(db: Database, organization: number, from: number, to: number): void {
  for (let hour = from; hour < to; hour++) {
    const log = sql`
      SELECT 1 FROM request_logs WHERE organization_id = ${organization}
        AND id >= ${startOfTime(hour * HOUR_MS)} AND id < ${startOfTime((hour + 1) * HOUR_MS)} LIMIT 1`;
    if (db.get(log) === undefined) continue;
    db.run(sql`
      INSERT INTO roll_up_marks (organization_id, hour, changes, version)
      VALUES (${organization}, ${hour}, ${DUE_CHANGES}, ${NEW_VERSION}) ${ADD_CHANGES}`);
  }
}

/** Keeps an hour in units from now on: all of them are marked as changed. Call it in a transaction. */
export function keepInUnits(db: Database, organization: number, hour: number): void {
  const isNew = db.run(sql`
    INSERT INTO roll_up_dense_hours (organization_id, hour, left_out) VALUES (${organization}, ${hour}, 0)
    ON CONFLICT DO NOTHING`);
  if (isNew === 0) return;
  for (let unit = hour * UNITS_OF_HOUR; unit < (hour + 1) * UNITS_OF_HOUR; unit++) {
    db.run(sql`
      INSERT INTO roll_up_unit_marks (organization_id, unit, changes, version)
      VALUES (${organization}, ${unit}, 1, ${NEW_VERSION})`);
  }
}
