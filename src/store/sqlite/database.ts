import { mkdirSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { DatabaseSync, type StatementSync } from 'node:sqlite';
import { blockThread } from '../../lib/block-thread.ts';
import { CountedCache } from '../../lib/counted-cache.ts';
import { unavailable } from '../unavailable.ts';
import { damaged, isBusy, translateError } from './errors.ts';
import { migrate } from './schema/migrate.ts';
import { addCollectRows, type RowTaker, type TakeRow } from './sql/collect-rows.ts';
import { raw, type Sql } from './sql/sql.ts';
import { addStopCheck, type RowBudget } from './sql/stop-check.ts';
import { WalFile } from './wal-file.ts';

type Row = Record<string, string | number | null>;

export interface DatabaseOptions {
  readonly file: string;
  /**
   * How long to wait for another connection's lock, in milliseconds. After a timeout, calls within the next second fail at
   * once if the file is still locked.
   */
  readonly busyMs: number;
  /** Size of the page cache, in KiB. */
  readonly cacheKib: number;
  /** The maximum size of the file, in pages of 8 KiB. Default: unlimited. */
  readonly maxPages?: number | undefined;
  /** The size from which on the `-wal` file is large, in bytes; see `WalFile`. */
  readonly maxWalBytes?: number;
}

const PAGE_BYTES = 8_192;
/** With a large WAL, a page that many transactions change is copied to the database file only once, at the checkpoint. */
const WAL_PAGES = 16_000;
/** Characters of all cached statements; each takes some 20 bytes of memory. */
const MAX_STATEMENT_TEXT = 500_000;
/** How long after a lock timeout other calls fail at once if the file is still locked, in milliseconds. */
const FAIL_FAST_MS = 1_000;
const MAX_FULL_CHECK_BYTES = 1_073_741_824;

/** A connection that caches prepared statements and translates every error of SQLite. */
export class Database {
  readonly wal: WalFile;
  readonly #db: DatabaseSync;
  readonly #file: string;
  readonly #inode: number;
  readonly #busyMs: number;
  readonly statements = new CountedCache<StatementSync>({
    maxWeight: MAX_STATEMENT_TEXT,
    weigh: (_statement, text) => text.length,
  });
  readonly #taker: RowTaker = { take: () => undefined };
  readonly #budget: RowBudget = { rowsLeft: Number.POSITIVE_INFINITY };
  #version: StatementSync | undefined;
  #failFastUntil = 0;

  /**
   * Opens or creates the file and migrates it to the current schema.
   *
   * @param isStopped if it returns true, the running search fails.
   * @throws RelaylogError UNAVAILABLE with the reason.
   */
  constructor(options: DatabaseOptions, isStopped: () => boolean = () => false) {
    this.#file = options.file;
    this.#busyMs = options.busyMs;
    this.#db = translateErrors(() => {
      mkdirSync(dirname(options.file), { recursive: true });
      return new DatabaseSync(options.file, { timeout: options.busyMs });
    });
    try {
      translateErrors(() => {
        this.#db.exec(`
          PRAGMA page_size = ${PAGE_BYTES};
          PRAGMA journal_mode = WAL;
          PRAGMA synchronous = FULL;
          PRAGMA foreign_keys = ON;
          PRAGMA trusted_schema = OFF;
          PRAGMA cell_size_check = ON;
          PRAGMA cache_size = -${options.cacheKib};
          PRAGMA wal_autocheckpoint = ${WAL_PAGES};
          PRAGMA journal_size_limit = ${WAL_PAGES * PAGE_BYTES};
        `);
        if (options.maxPages !== undefined) this.#db.exec(`PRAGMA max_page_count = ${options.maxPages}`);
        addStopCheck(this.#db, isStopped, this.#budget);
        addCollectRows(this.#db, this.#taker);
        migrate(this.#db);
        // From here on, `#retryWhileBusy` waits for locks.
        this.#db.exec('PRAGMA busy_timeout = 0');
      });
    } catch (error) {
      this.#db.close();
      throw error;
    }
    this.#inode = statSync(options.file).ino;
    this.wal = new WalFile(this.#db, options.maxWalBytes);
  }

  all<T>(statement: Sql): T[] {
    return this.#retryWhileBusy(() => this.#prepare(statement.text).all(...statement.values) as T[]);
  }

  /** Returns each row as an array of its values, which is faster than an object. */
  rows<T>(statement: Sql): T[] {
    return this.#retryWhileBusy(() => {
      const prepared = this.#prepare(statement.text);
      prepared.setReturnArrays(true);
      return prepared.all(...statement.values) as T[];
    });
  }

  /** Yields each row as an array of its values. Read all rows before the statement is used again. */
  *iterate<T>(statement: Sql): Generator<T> {
    const rows = this.#retryWhileBusy(() => {
      const prepared = this.#prepare(statement.text);
      prepared.setReturnArrays(true);
      return prepared.iterate(...statement.values);
    });
    try {
      for (const row of rows) yield row as T;
    } catch (error) {
      throw translateError(error);
    }
  }

  get(statement: Sql): Row | undefined {
    return this.#retryWhileBusy(
      () => this.#prepare(statement.text).get(...statement.values) as Row | undefined,
    );
  }

  /**
   * Runs a statement that selects `collectRows`, and passes each row to `take`.
   *
   * @throws Error if the search is stopped; what `take` throws.
   */
  collect(statement: Sql, take: TakeRow): void {
    let failure: unknown = new Error('The search was stopped.');
    this.#taker.take = (values) => {
      try {
        take(values);
      } catch (error) {
        failure = error;
        throw error;
      }
    };
    // node:sqlite loses the error of a function in a statement with an aggregate: the statement ends without its row.
    if (this.get(statement) === undefined) throw failure;
  }

  /**
   * Runs a search that may read a number of rows.
   *
   * @returns null if it would read more.
   */
  withinRows<T>(rows: number, search: () => T): T | null {
    const budget = this.#budget;
    budget.rowsLeft = rows;
    try {
      return search();
    } catch (error) {
      if (budget.rowsLeft >= 0) throw error;
      return null;
    } finally {
      budget.rowsLeft = Number.POSITIVE_INFINITY;
    }
  }

  /** Runs the work in a read transaction: all of its reads see the same state. */
  snapshot<T>(work: () => T): T {
    return translateErrors(() => {
      this.#retryWhileBusy(() => this.#db.exec('BEGIN'));
      try {
        return work();
      } finally {
        if (this.#db.isTransaction) this.#db.exec('COMMIT');
      }
    });
  }

  /** Returns a number that changes whenever another connection, of any process, has committed a transaction. */
  version(): number {
    return this.#retryWhileBusy(() => {
      // This runs for each request, so the statement bypasses the cache and returns an array.
      if (this.#version === undefined) {
        this.#version = this.#db.prepare('PRAGMA data_version');
        this.#version.setReturnArrays(true);
      }
      const [version] = this.#version.get() as unknown as [number];
      return version;
    });
  }

  /** Runs a statement and returns the number of changed rows. */
  run(statement: Sql): number {
    return this.#retryWhileBusy(() => Number(this.#prepare(statement.text).run(...statement.values).changes));
  }

  /** @throws RelaylogError UNAVAILABLE if the opened file was moved or removed; writes to it would be lost. */
  requireFile(): void {
    if (statSync(this.#file, { throwIfNoEntry: false })?.ino !== this.#inode) {
      throw unavailable('the database file was moved or removed; restart Relaylog');
    }
  }

  /**
   * Checks the integrity of the database. For a large file, it skips the comparison of indexes with their tables.
   *
   * @throws RelaylogError UNAVAILABLE if it is damaged.
   */
  check(): void {
    const size = Number(
      this.get(raw('SELECT page_count * page_size AS n FROM pragma_page_count, pragma_page_size'))!.n,
    );
    const found = this.all<Record<string, string>>(
      raw(`PRAGMA ${size < MAX_FULL_CHECK_BYTES ? 'integrity' : 'quick'}_check(1)`),
    );
    const [answer] = Object.values(found[0] ?? {});
    if (answer !== 'ok') throw damaged(new Error(answer));
  }

  /** Rewrites the file without free pages. Other connections can read meanwhile, but not write. It needs disk space for two copies. */
  rewrite(): void {
    this.requireFile();
    this.#retryWhileBusy(() => this.#db.exec('VACUUM'));
  }

  /** Runs the work in a write transaction. Other connections can read meanwhile. */
  transaction<T>(work: () => T): T {
    this.requireFile();
    return translateErrors(() => {
      this.#retryWhileBusy(() => this.#db.exec('BEGIN IMMEDIATE'));
      try {
        const result = work();
        this.#db.exec('COMMIT');
        return result;
      } catch (error) {
        if (this.#db.isTransaction) this.#db.exec('ROLLBACK');
        throw error;
      }
    });
  }

  /**
   * Retries the work every millisecond while the database is locked. SQLite's own busy handler waits up to 100 ms between
   * attempts, which misses the gaps between the transactions of a connection that writes continuously. After a call has
   * timed out, the calls queued behind it are tried only once, so they all fail quickly.
   */
  #retryWhileBusy<T>(work: () => T): T {
    for (let end: number | undefined; ; ) {
      try {
        const result = work();
        this.#failFastUntil = 0;
        return result;
      } catch (error) {
        if (!isBusy(error)) throw translateError(error);
        const now = performance.now();
        end ??= now < this.#failFastUntil ? now : now + this.#busyMs;
        if (now >= end) {
          this.#failFastUntil = now + FAIL_FAST_MS;
          throw translateError(error);
        }
        blockThread(1);
      }
    }
  }

  close(): void {
    this.statements.clear();
    this.#db.close();
  }

  #prepare(text: string): StatementSync {
    const known = this.statements.get(text);
    if (known !== undefined) return known;
    const statement = this.#db.prepare(text);
    this.statements.set(text, statement);
    return statement;
  }
}

function translateErrors<T>(work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw translateError(error);
  }
}
