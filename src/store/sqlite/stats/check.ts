import { hasBit } from '../../../lib/bits.ts';
import { DAY_MS, HOUR_MS, HOURS_OF_DAY } from '../../../lib/time-units.ts';
import type {
  RollUpCheck,
  RollUpCheckPosition,
  RollUpDifference,
  RollUpStatus,
} from '../../roll-ups/check.ts';
import { Comparison, unlessDamaged } from '../../roll-ups/comparison.ts';
import { ROLL_UPS } from '../../roll-ups/declared.ts';
import { UNIT_MS, UNITS_OF_HOUR } from '../../roll-ups/split-time.ts';
import { readUnit } from '../../roll-ups/unit-cells.ts';
import type { Database } from '../database.ts';
import { isInterned } from '../schema/columns.ts';
import { startOfTime, timeFromHex } from '../schema/id-bytes.ts';
import type { Names } from '../schema/names.ts';
import { sql } from '../sql/sql.ts';
import { cellsOf } from './cells-of-logs.ts';
import { countUnfinishedOrganizations, fromHourOf, organizationsFrom, startAgain } from './progress.ts';
import { dayCells, hoursLeftOut, unitCells } from './roll-up-cells.ts';
import { rollUpState } from './roll-up-state.ts';

export function rollUpStatus(db: Database): RollUpStatus {
  const changedHours = Number(db.get(sql`SELECT count(*) AS n FROM roll_up_marks`)!.n);
  return { changedHours, unfinishedOrganizations: countUnfinishedOrganizations(db) };
}

/** Deletes all roll-ups. */
export function resetRollUps(db: Database): void {
  db.transaction(() => {
    db.run(sql`DELETE FROM roll_up_days`);
    db.run(sql`DELETE FROM roll_up_contents`);
    db.run(sql`DELETE FROM roll_up_units`);
    db.run(sql`DELETE FROM roll_up_dense_hours`);
    db.run(sql`DELETE FROM roll_up_marks`);
    db.run(sql`DELETE FROM roll_up_unit_marks`);
    startAgain(db);
  });
}

/** Compares one day of one organization. Call it in a snapshot. */
export function checkRollUps(db: Database, names: Names, after: RollUpCheckPosition | null): RollUpCheck {
  const found = nextDay(db, names, after);
  if (found === null) return { hours: 0, differences: [], next: null };
  const { organization, day } = found;
  const organizationId = names.nameOf(organization);
  const comparison = new DayComparison(db, names, organization);
  const hours = comparison.compareDay(day);
  return { hours, differences: comparison.differences, next: { organizationId, day } };
}

/** The next day with logs or cells. */
function nextDay(
  db: Database,
  names: Names,
  after: RollUpCheckPosition | null,
): { organization: number; day: number } | null {
  const start = after === null ? 0 : names.numberOf(after.organizationId);
  for (const organization of organizationsFrom(db, start)) {
    const from = organization === start && after !== null ? after.day + 1 : 0;
    const firstHour = Math.max(from * HOURS_OF_DAY, fromHourOf(db, organization));
    const log = db.get(sql`
      SELECT lower(hex(id)) AS hex FROM request_logs
      WHERE organization_id = ${organization} AND id >= ${startOfTime(firstHour * HOUR_MS)} ORDER BY id LIMIT 1`);
    const cells = db.get(sql`
      SELECT min(day) AS day FROM roll_up_contents
      WHERE organization_id = ${organization} AND roll_up = ${ROLL_UPS[0]!.code} AND day >= ${from}`);
    const days = [
      ...(log === undefined ? [] : [Math.floor(timeFromHex(String(log.hex)) / DAY_MS)]),
      ...(cells?.day === null || cells === undefined ? [] : [Number(cells.day)]),
    ];
    if (days.length > 0) return { organization, day: Math.min(...days) };
  }
  return null;
}

class DayComparison {
  readonly #db: Database;
  readonly #organization: number;
  readonly #comparison: Comparison;

  constructor(db: Database, names: Names, organization: number) {
    this.#db = db;
    this.#organization = organization;
    this.#comparison = new Comparison(names.nameOf(organization), (field, value) => {
      if (typeof value !== 'number' || !isInterned(field as 'method')) return value;
      // The name is deleted with the logs that have it: a cell that still has its number is wrong.
      return unlessDamaged(() => names.nameOf(value)) ?? `(deleted name ${value})`;
    });
  }

  get differences(): readonly RollUpDifference[] {
    return this.#comparison.differences;
  }

  /** @returns the number of hours that were compared. */
  compareDay(day: number): number {
    const range = { from: day * DAY_MS, to: (day + 1) * DAY_MS };
    const state = rollUpState(this.#db, this.#organization, range);
    const compared = Array.from({ length: HOURS_OF_DAY }, (_, i) => day * HOURS_OF_DAY + i).filter(
      (hour) => hour >= state.fromHour && !state.changedHours.has(hour),
    );
    const expected = compared.map((hour) => this.#built(hour * HOUR_MS, HOUR_MS));
    ROLL_UPS.forEach((rollUp, i) => {
      const use = { rollUp, keys: null };
      const totals = dayCells(this.#db, this.#organization, use, [day], 'total');
      const totalOf = new Map([...totals].map(([, key, total]) => [key, total]));
      const hours = dayCells(this.#db, this.#organization, use, [day], 'hours');
      this.#comparison.compareDay(
        rollUp,
        {
          day,
          groups: new Map(
            [...hours].map(([, key, cells]) => [key, { total: totalOf.get(key)!, hours: cells }]),
          ),
          hoursLeftOut: hoursLeftOut(this.#db, this.#organization, rollUp, range).get(day) ?? 0,
        },
        new Map(compared.map((hour, j) => [hour, expected[j]![i]!])),
      );
    });
    for (const [hour, leftOut] of state.denseHours) this.#compareUnits(hour, leftOut, state.changedUnits);
    return compared.length;
  }

  #compareUnits(hour: number, leftOut: number, changed: ReadonlyMap<number, number>): void {
    const units = Array.from({ length: UNITS_OF_HOUR }, (_, i) => hour * UNITS_OF_HOUR + i).filter(
      (unit) => !changed.has(unit),
    );
    const expected = units.map((unit) => this.#built(unit * UNIT_MS, UNIT_MS));
    ROLL_UPS.forEach((rollUp, i) => {
      const stored = new Map<number, Map<string, Uint8Array>>();
      for (const [unit, bytes] of unitCells(this.#db, this.#organization, rollUp, units)) {
        const cells = new Map<string, Uint8Array>();
        unlessDamaged(() => readUnit(bytes, (key, cell) => cells.set(key, cell)));
        stored.set(unit, cells);
      }
      const isLeftOut = hasBit(leftOut, rollUp.code);
      units.forEach((unit, j) => {
        const cells = stored.get(unit) ?? new Map<string, Uint8Array>();
        this.#comparison.compareSpan(
          rollUp,
          unit * UNIT_MS,
          UNIT_MS,
          cells,
          isLeftOut ? new Map() : expected[j]![i]!,
        );
      });
    });
  }

  #built(from: number, length: number): ReadonlyMap<string, Uint8Array>[] {
    const cells = cellsOf(this.#db, this.#organization, from, from + length).finish(Number.POSITIVE_INFINITY);
    return cells.map((one) => one ?? new Map<string, Uint8Array>());
  }
}
