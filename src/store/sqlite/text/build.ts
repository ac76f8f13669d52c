import { randomInt } from 'node:crypto';
import { fieldsWhere } from '../../../log/fields.ts';
import { SQLITE_INDEXES } from '../../indexes.ts';
import type { Database } from '../database.ts';
import { column, isInterned, type LogColumn } from '../schema/columns.ts';
import { indexName } from '../schema/index-name.ts';
import type { Names } from '../schema/names.ts';
import { collectRows } from '../sql/collect-rows.ts';
import { join, raw, type Sql, sql } from '../sql/sql.ts';
import { joinIfSmall } from './changed-logs.ts';
import { GRAM_FORMAT, saltOf } from './grams.ts';
import { dueLogs, type TextLimits } from './limits.ts';
import { deleteSignature, ID_BYTES, isRange, MAX_CHUNKS, rangeOf, type TextRange } from './ranges.ts';
import { BLOCKS, ROW_BYTES, type Signature, SignatureBuilder } from './signature.ts';

/** A chunk fills a page of 8 KiB. */
export const CHUNK_ROWS = 1_000;

const TABLE = raw(`request_logs INDEXED BY ${indexName(SQLITE_INDEXES.newest)}`);

/** The fields whose texts are indexed. */
const TEXT_FIELDS = fieldsWhere(({ kind }) => kind === 'text');

/**
 * Builds the signature of one range without, the newest first.
 *
 * @param now Unix milliseconds.
 * @returns false if nothing is due.
 */
export function textIndexStep(db: Database, names: Names, now: number, limits: TextLimits): boolean {
  if (deleteOutdated(db)) return true;
  const due = dueRange(db, now, limits);
  if (due === null) return false;
  const range = claim(db, due.organization, due.start, limits);
  if (range === null) return true;
  write(db, range, read(db, names, range));
  return true;
}

/** Whether `textIndexStep` would build something. It takes less than a millisecond. */
export function hasDueText(db: Database, now: number, limits: TextLimits): boolean {
  return dueRange(db, now, limits) !== null || outdatedRange(db) !== undefined;
}

interface OutdatedRange extends Pick<TextRange, 'start' | 'signature'> {
  readonly organization: number;
}

/** A range whose signature was built with other hashes, so that searches cannot use it. */
function outdatedRange(db: Database): OutdatedRange | undefined {
  const [range] = db.all<OutdatedRange>(sql`
    SELECT organization_id AS organization, start, signature FROM text_ranges
    WHERE divisor > 0 AND (format < ${GRAM_FORMAT} OR format > ${GRAM_FORMAT}) LIMIT 1`);
  return range;
}

function deleteOutdated(db: Database): boolean {
  if (outdatedRange(db) === undefined) return false;
  db.transaction(() => {
    const range = outdatedRange(db);
    if (range !== undefined) deleteSignature(db, range.organization, range);
  });
  return true;
}

interface DueRange {
  readonly organization: number;
  readonly start: Uint8Array;
}

function dueRange(db: Database, now: number, limits: TextLimits): DueRange | null {
  const [due] = db.all<DueRange>(sql`
    SELECT organization_id AS organization, start FROM text_ranges AS one
    WHERE divisor = 0 AND unindexed >= ${limits.minLogs} AND (
      unindexed >= ${dueLogs(limits)}
      -- A process ended while it built it.
      OR signature IS NOT NULL
      OR changed_at <= ${now - limits.quietMs} AND EXISTS (
        SELECT 1 FROM text_ranges AS later
        WHERE later.organization_id = one.organization_id AND later.start > one.start))
    ORDER BY start DESC LIMIT 1`);
  return due ?? null;
}

/** A range whose signature is being built. */
interface ClaimedRange {
  readonly organization: number;
  readonly start: Uint8Array;
  readonly end: Uint8Array;
  readonly signature: number;
  /** About how many logs it has. */
  readonly logs: number;
}

/** Divides a range if it has more logs than one signature holds, and begins a new signature. Null if it has too few logs. */
function claim(
  db: Database,
  organization: number,
  start: Uint8Array,
  limits: TextLimits,
): ClaimedRange | null {
  const { signatureLogs, newestLogs, minLogs } = limits;
  return db.transaction(() => {
    const range = rangeOf(db, organization, start);
    if (range === undefined || range.divisor > 0) return null;
    // Takes the range from another process, before its bounds change.
    deleteSignature(db, organization, range);
    const isLast = range.end === null;
    const all = countLogs(db, organization, range, dueLogs(limits) + minLogs);
    if (all < (isLast ? dueLogs(limits) : minLogs)) {
      setUnindexed(db, organization, range, all);
      joinIfSmall(db, organization, range, limits);
      return null;
    }
    const newest = isLast ? newestLogs : 0;
    const hasRest = all >= newest + signatureLogs + minLogs;
    const logs = hasRest ? signatureLogs : all - newest;
    const end = range.end ?? newestId(db, organization, range, newest);
    const from = hasRest ? newestId(db, organization, range, newest + logs) : range.start;
    if (isLast) insertRange(db, organization, end, newest);
    if (hasRest) {
      insertRange(db, organization, from, logs);
      setUnindexed(db, organization, range, Math.max(minLogs, range.unindexed - logs - newest));
    } else setUnindexed(db, organization, range, logs);
    const signature = randomInt(2 ** 32);
    db.run(sql`
      UPDATE text_ranges SET signature = ${signature}, late = x'' WHERE ${isRange(organization, { start: from })}`);
    return { organization, start: from, end, signature, logs };
  });
}

/** The number of logs of a range, up to a limit. */
function countLogs(db: Database, organization: number, { start, end }: TextRange, limit: number): number {
  const counted = sql`
    SELECT 1 FROM ${TABLE} WHERE ${logsOf(organization, start, end)} LIMIT ${limit}`;
  return Number(db.get(sql`SELECT count(*) AS n FROM (${counted})`)!.n);
}

/** The id of the log that has a position among those of a range; the newest one has position 1. */
function newestId(
  db: Database,
  organization: number,
  { start, end }: TextRange,
  position: number,
): Uint8Array {
  const [row] = db.rows<[Uint8Array]>(sql`
    SELECT id FROM ${TABLE} WHERE ${logsOf(organization, start, end)} ORDER BY id DESC LIMIT 1 OFFSET ${position - 1}`);
  return row![0];
}

function logsOf(organization: number, start: Uint8Array, end: Uint8Array | null): Sql {
  const before = end === null ? raw('') : sql`AND id < ${end}`;
  return sql`organization_id = ${organization} AND id >= ${start} ${before}`;
}

function insertRange(db: Database, organization: number, start: Uint8Array, unindexed: number): void {
  db.run(sql`
    INSERT INTO text_ranges (organization_id, start, divisor, indexed, unindexed, late, changed_at)
    VALUES (${organization}, ${start}, 0, 0, ${unindexed}, x'', 0)`);
}

function setUnindexed(
  db: Database,
  organization: number,
  range: Pick<TextRange, 'start'>,
  unindexed: number,
): void {
  db.run(sql`UPDATE text_ranges SET unindexed = ${unindexed} WHERE ${isRange(organization, range)}`);
}

interface BuiltSignature extends Signature {
  readonly logs: number;
  /** The first id of each block but the first one, 16 bytes each. */
  readonly blocks: Buffer;
}

/** Reads the logs of a range, from one state of the store. */
function read(db: Database, names: Names, { organization, start, end, logs }: ClaimedRange): BuiltSignature {
  return db.snapshot(() => {
    names.refresh();
    const builder = new SignatureBuilder();
    const blocks: string[] = [];
    const blockLogs = Math.ceil(logs / BLOCKS);
    let count = 0;
    let block = 0;
    // Each value of a block is added once.
    const seen = TEXT_FIELDS.map(() => new Set<string | number>());
    const columns = join([raw('hex(id)'), ...TEXT_FIELDS.map((field) => column(field as LogColumn))], ', ');
    const statement = sql`SELECT ${collectRows(columns)} FROM ${TABLE} WHERE ${logsOf(organization, start, end)}`;
    db.collect(statement, (values) => {
      if (count++ === (block + 1) * blockLogs && block < BLOCKS - 1) {
        block++;
        blocks.push(String(values[0]));
        for (const one of seen) one.clear();
      }
      for (let i = 0; i < TEXT_FIELDS.length; i++) {
        const value = values[i + 1]!;
        if (value === null || seen[i]!.has(value)) continue;
        seen[i]!.add(value);
        builder.add(block, IS_INTERNED[i] ? names.nameOf(Number(value)) : String(value), SALTS[i]!);
      }
    });
    return { ...builder.finish(), logs: count, blocks: Buffer.from(blocks.join(''), 'hex') };
  });
}

const IS_INTERNED = TEXT_FIELDS.map(isInterned);
const SALTS = TEXT_FIELDS.map(saltOf);

/** Stores a signature, unless a log that it may hold was deleted meanwhile. Logs that were inserted meanwhile are recorded as late. */
function write(
  db: Database,
  { organization, start, signature }: ClaimedRange,
  { divisor, bits, blocks, logs }: BuiltSignature,
): void {
  db.transaction(() => {
    const range = db.get(
      sql`SELECT signature, length(late) AS late FROM text_ranges WHERE ${isRange(organization, { start })}`,
    );
    if (range?.signature !== signature) return;
    const bytes = CHUNK_ROWS * ROW_BYTES;
    for (let position = 0; position * bytes < bits.length; position++) {
      const chunk = bits.subarray(position * bytes, (position + 1) * bytes);
      db.run(
        sql`INSERT INTO text_signatures (id, bits) VALUES (${signature * MAX_CHUNKS + position}, ${chunk})`,
      );
    }
    db.run(sql`
      UPDATE text_ranges SET format = ${GRAM_FORMAT}, divisor = ${divisor}, blocks = ${blocks}, indexed = ${logs}, unindexed = ${Number(range!.late) / ID_BYTES}
      WHERE ${isRange(organization, { start })}`);
  });
}
