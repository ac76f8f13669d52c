import { mkdirSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { DatabaseSync, type StatementSync } from 'node:sqlite';
import { CountedCache } from '../../lib/counted-cache.ts';
import { unavailable } from '../unavailable.ts';
import { damaged, isBusy, translated } from './errors.ts';
import { migrate } from './schema/migrate.ts';
import { raw, type Sql } from './sql/sql.ts';
import { addStopCheck } from './sql/stop-check.ts';

type Row = Record<string, string | number | null>;

export interface DatabaseOptions {
  readonly file: string;
  /** How long to wait for another process's lock, in milliseconds. One that lasts longer is waited for once. */
  readonly busyMs: number;
  /** Memory for pages, in KiB. */
  readonly cacheKib: number;
  /** Stops the file from growing past this many pages of 8 KiB; unset: until the disk is full. */
  readonly maxPages?: number | undefined;
}

const PAGE_BYTES = 8_192;
/** A page that many transactions change is copied from the log of changes to the file once for all of them. */
const WAL_PAGES = 16_000;
const MAX_STATEMENTS = 200;
/** So long after a lock that lasted too long, what comes next does not wait for it again; milliseconds. */
const HURRY_MS = 1_000;
const WHOLE_CHECK_BYTES = 1_073_741_824;

/** One connection: prepares each statement once, keeps some two hundred, and translates every error. */
export class Database {
  readonly #db: DatabaseSync;
  readonly #file: string;
  readonly #inode: number;
  readonly #busyMs: number;
  readonly statements = new CountedCache<StatementSync>({ max: MAX_STATEMENTS });
  #version: StatementSync | undefined;
  #hurriedUntil = 0;

  /**
   * Opens or makes the file, in the current schema.
   *
   * @param isStopped if it says so, the search that is in flight fails.
   * @throws RelaylogError UNAVAILABLE with the reason.
   */
  constructor(options: DatabaseOptions, isStopped: () => boolean = () => false) {
    this.#file = options.file;
    this.#busyMs = options.busyMs;
    this.#db = translate(() => {
      mkdirSync(dirname(options.file), { recursive: true });
      return new DatabaseSync(options.file, { timeout: options.busyMs });
    });
    try {
      translate(() => {
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
        addStopCheck(this.#db, isStopped);
        migrate(this.#db);
        // From here on, `#patiently` waits.
        this.#db.exec('PRAGMA busy_timeout = 0');
      });
    } catch (error) {
      this.#db.close();
      throw error;
    }
    this.#inode = statSync(options.file).ino;
  }

  all<T>(statement: Sql): T[] {
    return this.#patiently(() => this.#prepare(statement.text).all(...statement.values) as T[]);
  }

  /** Each row as the array of its values, which is faster to make than an object. */
  rows<T>(statement: Sql): T[] {
    return this.#patiently(() => {
      const prepared = this.#prepare(statement.text);
      prepared.setReturnArrays(true);
      return prepared.all(...statement.values) as T[];
    });
  }

  get(statement: Sql): Row | undefined {
    return this.#patiently(() => this.#prepare(statement.text).get(...statement.values) as Row | undefined);
  }

  /** Another number than before where another connection, of whatever process, has committed something since. */
  version(): number {
    return this.#patiently(() => {
      // Asked for each request, it is looked up nowhere, and its row is no object.
      if (this.#version === undefined) {
        this.#version = this.#db.prepare('PRAGMA data_version');
        this.#version.setReturnArrays(true);
      }
      const [version] = this.#version.get() as unknown as [number];
      return version;
    });
  }

  /** How many rows the statement changed. */
  run(statement: Sql): number {
    return this.#patiently(() => Number(this.#prepare(statement.text).run(...statement.values).changes));
  }

  /** @throws RelaylogError UNAVAILABLE if the file is no longer the one that was opened: what is written is lost. */
  requireFile(): void {
    if (statSync(this.#file, { throwIfNoEntry: false })?.ino !== this.#inode) {
      throw unavailable('the database file was moved or removed; restart Relaylog');
    }
  }

  /**
   * Reads the whole database and compares its parts; of a large one, only each table by itself.
   *
   * @throws RelaylogError UNAVAILABLE if it is damaged.
   */
  check(): void {
    const size = Number(
      this.get(raw('SELECT page_count * page_size AS n FROM pragma_page_count, pragma_page_size'))!.n,
    );
    const found = this.all<Record<string, string>>(
      raw(`PRAGMA ${size < WHOLE_CHECK_BYTES ? 'integrity' : 'quick'}_check(1)`),
    );
    const [answer] = Object.values(found[0] ?? {});
    if (answer !== 'ok') throw damaged(new Error(answer));
  }

  /** Runs all of it or nothing; readers of other connections go on meanwhile. */
  transaction<T>(work: () => T): T {
    this.requireFile();
    return translate(() => {
      this.#patiently(() => this.#db.exec('BEGIN IMMEDIATE'));
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
   * Waits for the lock in steps of a millisecond: SQLite's own grow to 100, too long to meet the gaps between the
   * transactions of a thread that stores without a pause. After a lock that lasted too long, whatever queued for it
   * meanwhile is tried once, so that all of it is answered soon.
   */
  #patiently<T>(work: () => T): T {
    for (let end: number | undefined; ; ) {
      try {
        const result = work();
        this.#hurriedUntil = 0;
        return result;
      } catch (error) {
        if (!isBusy(error)) throw translated(error);
        const now = performance.now();
        end ??= now < this.#hurriedUntil ? now : now + this.#busyMs;
        if (now >= end) {
          this.#hurriedUntil = now + HURRY_MS;
          throw translated(error);
        }
        Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1);
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

function translate<T>(work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw translated(error);
  }
}
