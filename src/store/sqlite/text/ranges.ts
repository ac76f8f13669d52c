import type { Database } from '../database.ts';
import { type Sql, sql } from '../sql/sql.ts';

/**
 * The ids of an organization are divided into ranges without gaps. Each begins with its `start`, the first one with the empty blob,
 * and ends before the next one. If a range has a complete signature, a search reads the blocks that it names and the late logs;
 * else it reads the whole range. An organization without ranges is read as a whole.
 */
export interface TextRange {
  readonly start: Uint8Array;
  /** Exclusive; null for the last range. */
  readonly end: Uint8Array | null;
  /** The number of the signature, which is random; null if there is none. */
  readonly signature: number | null;
  /** The divisor of the signature; 0 if there is none, or if it is not complete. */
  readonly divisor: number;
  /** Logs in the signature. */
  readonly indexed: number;
  /** Logs that are not in a complete signature. An estimate: a range of an existing store begins with more than any store has. */
  readonly unindexed: number;
  /** The ids of logs that arrived after the signature was begun, 16 bytes each. */
  readonly late: Uint8Array;
}

export const ID_BYTES = 16;
/** A signature is stored in chunks, by its number times this one plus their position. */
export const MAX_CHUNKS = 2 ** 16;

/** The range that an id is in; undefined if the organization has none. */
export function rangeOf(db: Database, organization: number, id: Uint8Array): TextRange | undefined {
  const [range] = db.all<TextRange>(sql`
    SELECT start, signature, divisor, indexed, unindexed, late,
      (SELECT min(start) FROM text_ranges WHERE organization_id = ${organization} AND start > ${id}) AS "end"
    FROM text_ranges WHERE organization_id = ${organization} AND start <= ${id} ORDER BY start DESC LIMIT 1`);
  return range;
}

/** The condition of one range. */
export function isRange(organization: number, { start }: Pick<TextRange, 'start'>): Sql {
  return sql`organization_id = ${organization} AND start = ${start}`;
}

/** Deletes the signature of a range, so that it is read until it has a new one. Call it in a transaction. */
export function deleteSignature(
  db: Database,
  organization: number,
  range: Pick<TextRange, 'start' | 'signature'>,
): void {
  if (range.signature === null) return;
  const first = range.signature * MAX_CHUNKS;
  db.run(sql`DELETE FROM text_signatures WHERE id >= ${first} AND id < ${first + MAX_CHUNKS}`);
  db.run(sql`
    UPDATE text_ranges SET signature = NULL, divisor = 0, blocks = NULL, late = x'', indexed = 0, unindexed = unindexed + indexed
    WHERE ${isRange(organization, range)}`);
}

/** Deletes all ranges of an organization. Call it in a transaction. */
export function deleteRanges(db: Database, organization: number): void {
  const ranges = db.all<Pick<TextRange, 'start' | 'signature'>>(
    sql`SELECT start, signature FROM text_ranges WHERE organization_id = ${organization}`,
  );
  for (const range of ranges) deleteSignature(db, organization, range);
  db.run(sql`DELETE FROM text_ranges WHERE organization_id = ${organization}`);
}

/** Divides ids by the range that they are in. */
export function* byRange(
  db: Database,
  organization: number,
  ids: readonly Uint8Array[],
): Generator<readonly [TextRange, readonly Uint8Array[]]> {
  const sorted = ids.toSorted(Buffer.compare);
  for (let i = 0; i < sorted.length; ) {
    const range = rangeOf(db, organization, sorted[i]!);
    if (range === undefined) return;
    const from = i;
    while (i < sorted.length && (range.end === null || Buffer.compare(sorted[i]!, range.end) < 0)) i++;
    yield [range, sorted.slice(from, i)];
  }
}
