import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { DatabaseSync, type StatementSync } from 'node:sqlite';
import { translated } from './errors.ts';
import { migrate } from './schema.ts';
import type { Sql } from './sql.ts';

type Row = Record<string, string | number | null>;

export interface DatabaseOptions {
  readonly file: string;
  /** How long to wait for another process's lock, in milliseconds. */
  readonly busyMs: number;
  /** Memory for pages, in KiB. */
  readonly cacheKib: number;
  /** Stops the file from growing past this many pages of 8 KiB; unset: until the disk is full. */
  readonly maxPages?: number | undefined;
}

const MAX_STATEMENTS = 200;

/** One connection: prepares each statement once, keeps some two hundred, and translates every error. */
export class Database {
  readonly #db: DatabaseSync;
  readonly #statements = new Map<string, StatementSync>();

  /** Opens or makes the file, in the current schema. @throws RelaylogError UNAVAILABLE with the reason. */
  constructor(options: DatabaseOptions) {
    this.#db = translate(() => {
      if (options.file !== ':memory:') mkdirSync(dirname(options.file), { recursive: true });
      return new DatabaseSync(options.file, { timeout: options.busyMs });
    });
    try {
      translate(() => {
        this.#db.exec(`
          PRAGMA page_size = 8192;
          PRAGMA journal_mode = WAL;
          PRAGMA synchronous = FULL;
          PRAGMA foreign_keys = ON;
          PRAGMA trusted_schema = OFF;
          PRAGMA cache_size = -${options.cacheKib};
          PRAGMA wal_autocheckpoint = 4000;
          PRAGMA journal_size_limit = 67108864;
        `);
        if (options.maxPages !== undefined) this.#db.exec(`PRAGMA max_page_count = ${options.maxPages}`);
        migrate(this.#db);
      });
    } catch (error) {
      this.#db.close();
      throw error;
    }
  }

  all<T>(statement: Sql): T[] {
    return translate(() => this.#prepare(statement.text).all(...statement.values) as T[]);
  }

  get(statement: Sql): Row | undefined {
    return translate(() => this.#prepare(statement.text).get(...statement.values) as Row | undefined);
  }

  /** How many rows the statement changed. */
  run(statement: Sql): number {
    return translate(() => Number(this.#prepare(statement.text).run(...statement.values).changes));
  }

  /** Runs all of it or nothing; readers of other connections go on meanwhile. */
  transaction<T>(work: () => T): T {
    return translate(() => {
      this.#db.exec('BEGIN IMMEDIATE');
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

  close(): void {
    this.#statements.clear();
    this.#db.close();
  }

  #prepare(text: string): StatementSync {
    const known = this.#statements.get(text);
    if (known !== undefined) return known;
    if (this.#statements.size >= MAX_STATEMENTS)
      this.#statements.delete(this.#statements.keys().next().value!);
    const statement = this.#db.prepare(text);
    this.#statements.set(text, statement);
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
