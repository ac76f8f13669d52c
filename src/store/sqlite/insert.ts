import type { InsertResult } from '../store.ts';
import type { CommitEstimate } from './commit-estimate.ts';
import type { Database } from './database.ts';
import { timeFromBytes } from './schema/id-bytes.ts';
import { freeRows, type InsertBatch, type Interruption, piecesOf } from './schema/insert-batch.ts';
import {
  INSERT_LOG,
  INSERT_PAYLOAD,
  type InsertRow,
  payloadValues,
  storedKey,
  storedValues,
} from './schema/insert-row.ts';
import type { Names } from './schema/names.ts';
import { InsertMarks } from './stats/roll-up-marks.ts';
import { UnindexedLogs } from './text/changed-logs.ts';
import type { TextLimits } from './text/limits.ts';

interface InsertTarget {
  readonly db: Database;
  readonly commits: CommitEstimate;
  readonly names: Names;
  readonly textLimits: TextLimits;
  hasOrganization(id: string): boolean;
}

/**
 * A transaction can be interrupted once it will take this time, its commit included, in milliseconds. With a shorter one, quick
 * batches wait less, and large ones take longer; see `docs/decisions/checked-batches.md`.
 */
const INTERRUPTIBLE_AFTER_MS = 300;

/**
 * Stores the batches by one commit, or nothing of them if it throws. If it is interrupted, the commit has their first rows only.
 * Frees the memory of packed rows.
 *
 * @returns the result of each batch, which counts the rows that were reached; null if its organization does not exist. The
 *   last batches have no result if none of their rows was reached.
 */
export function insertAll(
  target: InsertTarget,
  batches: readonly InsertBatch[],
  interruption?: Interruption,
): (InsertResult | null)[] {
  const { db, names, commits } = target;
  let begun = 0;
  let inserted = 0;
  try {
    const stored = db.transaction(() => {
      begun = performance.now();
      const isInterrupted = () =>
        interruption !== undefined &&
        commits.withCommit(performance.now() - begun) >= INTERRUPTIBLE_AFTER_MS &&
        Atomics.load(interruption, 0) === 1;
      names.refresh();
      const marks = new InsertMarks(db);
      const unindexed = new UnindexedLogs(db, target.textLimits);
      const results: (InsertResult | null)[] = [];
      const insertOne = (row: InsertRow) => {
        const key = insertLog(target, row);
        if (key === null) return false;
        marks.add(key.organization, timeFromBytes(key.id));
        unindexed.add(key.organization, key.id);
        return true;
      };
      for (const batch of batches) {
        if (results.length > 0 && isInterrupted()) break;
        results.push(insertBatch(target, batch, insertOne, isInterrupted));
      }
      marks.write();
      unindexed.write(Date.now());
      inserted = performance.now();
      return results;
    });
    commits.add(inserted - begun, performance.now() - inserted);
    return stored;
  } catch (error) {
    names.forget();
    throw error;
  } finally {
    for (const { rows } of batches) freeRows(rows);
  }
}

/** @param insertOne returns false for a duplicate. */
function insertBatch(
  target: InsertTarget,
  { rows, ofOrganization }: InsertBatch,
  insertOne: (row: InsertRow) => boolean,
  isInterrupted: () => boolean,
): InsertResult | null {
  if (ofOrganization !== null && !target.hasOrganization(ofOrganization)) return null;
  let done = 0;
  let stored = 0;
  for (const piece of piecesOf(rows)) {
    if (done > 0 && isInterrupted()) break;
    for (const row of piece) if (insertOne(row)) stored++;
    done += piece.length;
  }
  return { stored, duplicates: done - stored };
}

/** Stores a log and its payload. Returns the log's key; null if it is a duplicate. */
function insertLog({ db, names }: InsertTarget, row: InsertRow) {
  const values = storedValues(row, names);
  if (db.run({ text: INSERT_LOG, values }) === 0) return null;
  const key = storedKey(values);
  if (row.payload !== null) {
    db.run({ text: INSERT_PAYLOAD, values: [...key, ...payloadValues(row.payload)] });
  }
  const [organization, id] = key as [number, Buffer];
  return { organization, id };
}
