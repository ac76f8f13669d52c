import { existsSync } from 'node:fs';
import { DatabaseSync, type StatementSync } from 'node:sqlite';
import {
  type BucketDecision,
  type BucketRequest,
  type BucketState,
  consumeFrom,
  idleFrom,
} from '../bucket.ts';
import { translateError } from './errors.ts';
import { WalFile } from './wal-file.ts';

const BUSY_MS = 100;
/** A deletion waits longer: it must not fail because of the requests of a server. */
const DELETE_BUSY_MS = 5_000;
const SWEEP_MS = 60_000;

/**
 * Rate limits shared by the processes of one machine, in a separate file next to the logs. A request never waits for an insert
 * of logs, and waits for the disk only at a checkpoint. The file is created at the first request, and can be deleted while no
 * process is running.
 */
export class SqliteBuckets {
  readonly #file: string;
  #opened: Opened | undefined;
  #sweptAt = Number.NEGATIVE_INFINITY;

  /** @param file the database file of the logs; the file of the buckets is named `FILE-limits`. */
  constructor(file: string) {
    this.#file = `${file}-limits`;
  }

  /** @throws RelaylogError UNAVAILABLE with the reason. */
  consume(name: string, consume: BucketRequest): BucketDecision {
    try {
      this.#opened ??= open(this.#file);
      return this.#inTransaction(this.#opened, () => {
        const result = this.#step(this.#opened!, name, consume);
        if (Math.abs(consume.now - this.#sweptAt) >= SWEEP_MS) this.#sweep(this.#opened!, consume.now);
        return result;
      });
    } catch (error) {
      throw translateError(error);
    }
  }

  /**
   * Deletes the buckets of an organization, so that no byte of its id is left in the file.
   *
   * @throws RelaylogError UNAVAILABLE with the reason.
   */
  deleteOf(organizationId: string): void {
    if (!existsSync(this.#file)) return;
    try {
      this.#opened ??= open(this.#file);
      const { db } = this.#opened;
      db.exec(`PRAGMA busy_timeout = ${DELETE_BUSY_MS}`);
      db.prepare(`DELETE FROM buckets WHERE substr(name, instr(name, '/') + 1) = ?`).run(organizationId);
      db.exec('VACUUM');
      new WalFile(db).empty();
    } catch (error) {
      throw translateError(error);
    } finally {
      this.#opened?.db.exec(`PRAGMA busy_timeout = ${BUSY_MS}`);
    }
  }

  close(): void {
    this.#opened?.db.close();
  }

  #step({ find, keep }: Opened, name: string, consume: BucketRequest): BucketDecision {
    const result = consumeFrom(find.get(name) as BucketState | undefined, consume);
    const { used, at, reservedUntil } = result.state;
    keep.run(name, used, at, reservedUntil, idleFrom(result.state, consume));
    return result;
  }

  #sweep({ db }: Opened, now: number): void {
    db.prepare('DELETE FROM buckets WHERE idle_from <= ?').run(now);
    this.#sweptAt = now;
  }

  #inTransaction<T>({ db }: Opened, work: () => T): T {
    db.exec('BEGIN IMMEDIATE');
    try {
      const result = work();
      db.exec('COMMIT');
      return result;
    } catch (error) {
      if (db.isTransaction) db.exec('ROLLBACK');
      throw error;
    }
  }
}

interface Opened {
  readonly db: DatabaseSync;
  readonly find: StatementSync;
  readonly keep: StatementSync;
}

function open(file: string): Opened {
  const db = new DatabaseSync(file, { timeout: BUSY_MS });
  try {
    db.exec(`
      PRAGMA journal_mode = WAL;
      PRAGMA synchronous = NORMAL;
      CREATE TABLE IF NOT EXISTS buckets (
        name TEXT PRIMARY KEY,
        used REAL NOT NULL,
        at REAL NOT NULL,
        reserved_until REAL NOT NULL,
        idle_from REAL NOT NULL
      ) STRICT, WITHOUT ROWID;
    `);
    return {
      db,
      find: db.prepare('SELECT used, at, reserved_until AS reservedUntil FROM buckets WHERE name = ?'),
      keep: db.prepare(
        'INSERT OR REPLACE INTO buckets (name, used, at, reserved_until, idle_from) VALUES (?, ?, ?, ?, ?)',
      ),
    };
  } catch (error) {
    db.close();
    throw error;
  }
}
