import type { Direction } from '../../../log/sort.ts';
import type { Database } from '../database.ts';
import type { IdRange } from '../sql/page-sql.ts';
import { sql } from '../sql/sql.ts';
import { STOP_CHECK } from '../sql/stop-check.ts';
import { CHUNK_ROWS } from './build.ts';
import { GRAM_FORMAT } from './grams.ts';
import { ID_BYTES, isRange, MAX_CHUNKS, type TextRange } from './ranges.ts';
import { BLOCKS, ROW_BYTES, rowsOf } from './signature.ts';
import type { TextQuery } from './text-query.ts';

/** Ids at which logs may match. */
export interface Candidates extends IdRange {
  /** About how many logs have them. */
  readonly logs: number;
  /** Whether a signature says so, not that it may be any log that is not indexed. */
  readonly isIndexed: boolean;
}

/** After every id. */
export const AFTER_ALL: Uint8Array = Buffer.alloc(ID_BYTES + 1, 0xff);

/**
 * The ids of an organization at which logs may match, in the order of the direction: all logs that match are there. Read them within
 * the same snapshot.
 *
 * @param bounds only ids within them.
 */
export function* candidates(
  db: Database,
  organization: number,
  query: TextQuery,
  bounds: IdRange,
  direction: Direction,
): Generator<Candidates> {
  const all = rangesWithin(db, organization, bounds);
  if (direction === 'desc') all.reverse();
  for (const range of all) {
    const found = range.divisor === 0 ? [whole(range)] : partsOf(db, organization, query, range);
    const within = found.flatMap((one) => clipped(one, bounds));
    yield* direction === 'desc' ? within.reverse() : within;
  }
}

type Stored = Pick<TextRange, 'start' | 'end' | 'signature' | 'divisor' | 'indexed' | 'unindexed'>;

/** The ranges that have ids within the bounds, in ascending order. */
function rangesWithin(db: Database, organization: number, { start, end }: IdRange): Stored[] {
  const all = db.all<Omit<Stored, 'end'>>(sql`
    SELECT start, signature, iif(format = ${GRAM_FORMAT}, divisor, 0) AS divisor, indexed, unindexed FROM text_ranges
    WHERE organization_id = ${organization} AND start < ${end} AND start >= coalesce((
      SELECT max(start) FROM text_ranges WHERE organization_id = ${organization} AND start <= ${start}), x'')
    ORDER BY start`);
  if (all.length === 0) {
    return [
      { start, end: null, signature: null, divisor: 0, indexed: 0, unindexed: Number.POSITIVE_INFINITY },
    ];
  }
  return all.map((range, i) => ({ ...range, end: all[i + 1]?.start ?? null }));
}

function whole({ start, end, indexed, unindexed }: Stored): Candidates {
  return { start, end: end ?? AFTER_ALL, logs: indexed + unindexed, isIndexed: false };
}

function clipped(range: Candidates, bounds: IdRange): Candidates[] {
  const start = Buffer.compare(range.start, bounds.start) < 0 ? bounds.start : range.start;
  const end = Buffer.compare(range.end, bounds.end) > 0 ? bounds.end : range.end;
  return Buffer.compare(start, end) < 0 ? [{ ...range, start, end }] : [];
}

/** The parts of an indexed range in which logs may match, in ascending order. */
function partsOf(db: Database, organization: number, query: TextQuery, range: Stored): Candidates[] {
  const found = blocksWith(db, query, range);
  if (found === 0n && range.unindexed === 0) return [];
  const row = db.get(sql`SELECT blocks, late FROM text_ranges WHERE ${isRange(organization, range)}`)!;
  const starts = [range.start, ...idsOf(row.blocks as unknown as Uint8Array)];
  const logs = range.indexed / starts.length;
  const parts: Candidates[] = idsOf(row.late as unknown as Uint8Array).map((id) => ({
    start: id,
    end: Buffer.concat([id, Buffer.alloc(1)]),
    logs: 1,
    isIndexed: true,
  }));
  for (const [i, start] of starts.entries()) {
    if ((found >> BigInt(i)) & 1n)
      parts.push({ start, end: starts[i + 1] ?? range.end ?? AFTER_ALL, logs, isIndexed: true });
  }
  return joined(parts);
}

/** The same ids without overlap, in as few ranges as possible. */
function joined(parts: Candidates[]): Candidates[] {
  parts.sort((a, b) => Buffer.compare(a.start, b.start));
  const result: Candidates[] = [];
  for (const part of parts) {
    const last = result.at(-1);
    if (last === undefined || Buffer.compare(last.end, part.start) < 0) result.push(part);
    else {
      const end = Buffer.compare(last.end, part.end) < 0 ? part.end : last.end;
      result[result.length - 1] = { ...last, end, logs: last.logs + part.logs };
    }
  }
  return result;
}

function idsOf(bytes: Uint8Array): Uint8Array[] {
  return Array.from({ length: bytes.length / ID_BYTES }, (_, i) =>
    bytes.subarray(i * ID_BYTES, (i + 1) * ID_BYTES),
  );
}

const ALL_BLOCKS = (1n << BigInt(BLOCKS)) - 1n;

/** A bit for each block in which logs may match. */
function blocksWith(db: Database, query: TextQuery, range: Stored): bigint {
  if ('parts' in query && query.op === 'and') {
    return query.parts.reduce(
      (found, part) => (found === 0n ? 0n : found & blocksWith(db, part, range)),
      ALL_BLOCKS,
    );
  }
  if ('parts' in query) {
    return query.parts.reduce((found, part) => found | blocksWith(db, part, range), 0n);
  }
  let found = ALL_BLOCKS;
  for (const hash of query.hashes) {
    for (const row of rowsOf(hash, range.divisor)) {
      found &= rowBits(db, range.signature!, row);
      if (found === 0n) return 0n;
    }
  }
  return found;
}

function rowBits(db: Database, signature: number, row: number): bigint {
  const id = signature * MAX_CHUNKS + Math.floor(row / CHUNK_ROWS);
  const from = (row % CHUNK_ROWS) * ROW_BYTES + 1;
  const [found] = db.rows<[Uint8Array]>(sql`
    SELECT substr(bits, ${from}, ${ROW_BYTES}) FROM text_signatures WHERE id = ${id} AND ${STOP_CHECK}`);
  const bits = found![0];
  return Buffer.from(bits.buffer, bits.byteOffset, ROW_BYTES).readBigUInt64LE();
}

/** Number of logs in the signatures of an organization. */
export function indexedLogs(db: Database, organization: number): number {
  const row = db.get(sql`
    SELECT coalesce(sum(indexed), 0) AS logs FROM text_ranges
    WHERE organization_id = ${organization} AND format = ${GRAM_FORMAT}`);
  return Number(row!.logs);
}
