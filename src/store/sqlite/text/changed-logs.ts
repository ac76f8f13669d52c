import type { Database } from '../database.ts';
import { sql } from '../sql/sql.ts';
import type { TextLimits } from './limits.ts';
import { byRange, deleteSignature, ID_BYTES, isRange, rangeOf, type TextRange } from './ranges.ts';

/** Records inserted logs, which no signature holds. Collect those of a transaction, then `write` within it. */
export class UnindexedLogs {
  readonly #db: Database;
  readonly #limits: TextLimits;
  /** By organization: the ids. */
  readonly #ids = new Map<number, Uint8Array[]>();

  constructor(db: Database, limits: TextLimits) {
    this.#db = db;
    this.#limits = limits;
  }

  add(organization: number, id: Uint8Array): void {
    const known = this.#ids.get(organization);
    if (known === undefined) this.#ids.set(organization, [id]);
    else known.push(id);
  }

  /** @param now Unix milliseconds. */
  write(now: number): void {
    const db = this.#db;
    for (const [organization, ids] of this.#ids) {
      const tail = lastStart(db, organization);
      // Most logs are newer than everything that has a signature.
      const early = tail.length === 0 ? [] : ids.filter((id) => Buffer.compare(id, tail) < 0);
      addUnindexed(db, organization, { start: tail }, ids.length - early.length, now);
      for (const [range, added] of byRange(db, organization, early)) {
        if (range.signature !== null) addLate(db, organization, range, added, this.#limits);
        addUnindexed(db, organization, range, added.length, now);
      }
    }
  }
}

/** The start of the last range, which never has a signature. An organization that has no range gets one. */
function lastStart(db: Database, organization: number): Uint8Array {
  const last = db.get(
    sql`SELECT max(start) AS start FROM text_ranges WHERE organization_id = ${organization}`,
  );
  if (last!.start !== null) return last!.start as unknown as Uint8Array;
  db.run(sql`
    INSERT INTO text_ranges (organization_id, start, divisor, indexed, unindexed, late, changed_at)
    VALUES (${organization}, x'', 0, 0, 0, x'', 0)`);
  return new Uint8Array();
}

function addUnindexed(
  db: Database,
  organization: number,
  range: Pick<TextRange, 'start'>,
  count: number,
  now: number,
): void {
  if (count === 0) return;
  db.run(sql`
    UPDATE text_ranges SET unindexed = max(0, unindexed + ${count}), changed_at = ${now}
    WHERE ${isRange(organization, range)}`);
}

function addLate(
  db: Database,
  organization: number,
  range: TextRange,
  ids: readonly Uint8Array[],
  { maxLate }: TextLimits,
): void {
  if (range.late.length / ID_BYTES + ids.length > maxLate) {
    deleteSignature(db, organization, range);
    return;
  }
  const late = Buffer.concat([range.late, ...ids]);
  db.run(sql`UPDATE text_ranges SET late = ${late} WHERE ${isRange(organization, range)}`);
}

/**
 * Deletes the signatures that hold deleted logs. Call it in the transaction that deletes them.
 *
 * @param now Unix milliseconds.
 */
export function forgetLogs(
  db: Database,
  organization: number,
  ids: readonly Uint8Array[],
  now: number,
  limits: TextLimits,
): void {
  for (const [range, deleted] of [...byRange(db, organization, ids)]) {
    deleteSignature(db, organization, range);
    addUnindexed(db, organization, range, -deleted.length, now);
  }
  for (const [range] of byRange(db, organization, ids)) joinIfSmall(db, organization, range, limits);
}

/** Joins a range with few logs with the one before, so that the ranges that have to be read stay few. Call it in a transaction. */
export function joinIfSmall(
  db: Database,
  organization: number,
  { start }: Pick<TextRange, 'start'>,
  { minLogs }: TextLimits,
): void {
  const range = rangeOf(db, organization, start)!;
  const isSmall = range.divisor === 0 && range.unindexed < minLogs;
  if (!isSmall || range.start.length === 0 || range.end === null) return;
  const before = db.all<Pick<TextRange, 'start' | 'signature'>>(sql`
    SELECT start, signature FROM text_ranges WHERE organization_id = ${organization} AND start < ${range.start}
    ORDER BY start DESC LIMIT 1`)[0]!;
  deleteSignature(db, organization, before);
  deleteSignature(db, organization, range);
  db.run(sql`DELETE FROM text_ranges WHERE ${isRange(organization, range)}`);
  db.run(
    sql`UPDATE text_ranges SET unindexed = unindexed + ${range.unindexed} WHERE ${isRange(organization, before)}`,
  );
}
