import { withBit, withoutBit } from '../../../lib/bits.ts';
import { HOURS_OF_DAY } from '../../../lib/time-units.ts';
import type { Cells } from '../../roll-ups/builder.ts';
import { withHours } from '../../roll-ups/day-cells.ts';
import { ROLL_UPS } from '../../roll-ups/declared.ts';
import type { Database } from '../database.ts';
import { type Sql, sql } from '../sql/sql.ts';

/** Rows of a transaction: it takes some ten milliseconds at most. */
const ROWS_AT_ONCE = 500;

/** The cells of an hour. */
export interface HourCells {
  /** Hours since 1970. */
  readonly hour: number;
  /** In the order of `ROLL_UPS`. */
  readonly cells: readonly Cells[];
}

/** Replaces the cells of hours in the rows of their day, some rows at a time: first in the rows that exist, then in new ones. */
export class DayWriter {
  readonly #db: Database;
  readonly #organization: number;
  readonly #day: number;
  /** The roll-up that is being written, as an index of `ROLL_UPS`. */
  #index = 0;
  /** The last of the existing rows that were written. */
  #after = '';
  /** The keys that may need a new row; null before the first rows of a roll-up. */
  #left: Set<string> | null = null;
  /** Number of rows of the roll-up. */
  #groups = 0;

  constructor(db: Database, organization: number, day: number) {
    this.#db = db;
    this.#organization = organization;
    this.#day = day;
  }

  /**
   * Writes some rows. Call it in a transaction.
   *
   * @param built hours of the day; fewer at each call if some of them were changed meanwhile.
   * @returns whether rows are left.
   */
  writeSome(built: readonly HourCells[]): boolean {
    for (let rows = 0; this.#index < ROLL_UPS.length; ) {
      if (rows >= ROWS_AT_ONCE) return true;
      rows += this.#writeRows(built, ROWS_AT_ONCE - rows);
    }
    return false;
  }

  /** @returns the number of rows that it read or wrote, at most `limit`. */
  #writeRows(built: readonly HourCells[], limit: number): number {
    const cells = built.map(
      ({ hour, cells: ofHour }) => [hour - this.#day * HOURS_OF_DAY, ofHour[this.#index]!] as const,
    );
    this.#left ??= new Set(cells.flatMap(([, groups]) => [...(groups?.keys() ?? [])]));
    const changesOf = (key: string) => new Map(cells.map(([hour, groups]) => [hour, groups?.get(key)]));
    const existing = this.#db.rows<[string, Uint8Array, Uint8Array]>(sql`
      SELECT key, total, hours FROM roll_up_days WHERE ${this.#ofDay()} AND key > ${this.#after} ORDER BY key LIMIT ${limit}`);
    for (const [key, total, hours] of existing) {
      this.#after = key;
      this.#left.delete(key);
      this.#replace(key, { total, hours }, changesOf(key));
    }
    let rows = existing.length;
    for (const key of this.#left) {
      if (rows >= limit) return rows;
      rows++;
      this.#left.delete(key);
      // Another process may have added it meanwhile.
      const [before] = this.#db.rows<[Uint8Array, Uint8Array]>(
        sql`SELECT total, hours FROM roll_up_days WHERE ${this.#ofDay()} AND key = ${key}`,
      );
      this.#replace(key, before && { total: before[0], hours: before[1] }, changesOf(key));
    }
    if (rows >= limit) return rows;
    this.#writeContents(cells);
    this.#index++;
    this.#after = '';
    this.#left = null;
    this.#groups = 0;
    return rows;
  }

  #replace(
    key: string,
    before: { total: Uint8Array; hours: Uint8Array } | undefined,
    changes: ReadonlyMap<number, Uint8Array | undefined>,
  ): void {
    const after = withHours(before, this.#day, changes);
    if (after !== undefined) this.#groups++;
    if (after === before) return;
    if (after === undefined)
      this.#db.run(sql`DELETE FROM roll_up_days WHERE ${this.#ofDay()} AND key = ${key}`);
    else {
      this.#db.run(sql`
        INSERT OR REPLACE INTO roll_up_days (organization_id, roll_up, day, key, total, hours)
        VALUES (${this.#organization}, ${this.#code}, ${this.#day}, ${key}, ${after.total}, ${after.hours})`);
    }
  }

  #writeContents(cells: readonly (readonly [hour: number, cells: Cells])[]): void {
    let leftOut = Number(
      this.#db.get(sql`SELECT hours_left_out AS hours FROM roll_up_contents WHERE ${this.#ofDay()}`)?.hours ??
        0,
    );
    for (const [hour, ofHour] of cells)
      leftOut = ofHour === null ? withBit(leftOut, hour) : withoutBit(leftOut, hour);
    if (this.#groups === 0 && leftOut === 0)
      this.#db.run(sql`DELETE FROM roll_up_contents WHERE ${this.#ofDay()}`);
    else {
      this.#db.run(sql`
        INSERT OR REPLACE INTO roll_up_contents (organization_id, roll_up, day, groups, hours_left_out)
        VALUES (${this.#organization}, ${this.#code}, ${this.#day}, ${this.#groups}, ${leftOut})`);
    }
  }

  get #code(): number {
    return ROLL_UPS[this.#index]!.code;
  }

  #ofDay(): Sql {
    return sql`organization_id = ${this.#organization} AND roll_up = ${this.#code} AND day = ${this.#day}`;
  }
}
