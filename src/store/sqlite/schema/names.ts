import type { CacheStatistics } from '../../../lib/counted-cache.ts';
import type { Database } from '../database.ts';
import { damaged } from '../errors.ts';
import { raw, sql } from '../sql/sql.ts';
import { isInterned, LOG_COLUMNS, snakeCase } from './columns.ts';

/** What is kept in memory of the names, on each connection. */
const MAX_CACHED = 4_096;
const MAX_CACHED_LENGTH = 256;

/** No name has this number. */
const NO_NAME = 0;

/** The columns that hold numbers of names, by table. */
const NUMBER_COLUMNS: Readonly<Record<string, readonly string[]>> = {
  request_logs: LOG_COLUMNS.filter(isInterned).map(snakeCase),
  usage_ledger: ['organization_id', 'api_key_id'],
};

/** Selects the numbers that are in use. */
const USED_NUMBERS = Object.entries(NUMBER_COLUMNS)
  .flatMap(([table, columns]) =>
    columns.map((name) => `SELECT DISTINCT ${name} FROM ${table} WHERE ${name} IS NOT NULL`),
  )
  .join(' UNION ALL ');

/** The setting that holds the deletion mark. */
const MARK = 'names_deleted';

/**
 * Texts that many logs share (organization, route, API key): each is stored once, in the table `names`, and the logs hold its
 * number. A number is never given to another name, so a cached name is never wrong. A name that was deleted and is inserted
 * again gets a new number, so cached numbers are dropped when the deletion mark changes: call `refresh` first.
 */
export class Names implements CacheStatistics {
  readonly #db: Database;
  readonly #numbers = new Map<string, number>();
  readonly #names = new Map<number, string>();
  #version: number | undefined;
  #mark = 0;
  hits = 0;
  evictions = 0;

  constructor(db: Database) {
    this.#db = db;
  }

  get size(): number {
    return this.#names.size;
  }

  /** The deletion mark at the last `refresh`: it grows with every deletion of names, and is above the number of every deleted name. */
  get mark(): number {
    return this.#mark;
  }

  /**
   * Drops what is cached if another connection has deleted names. Call it before each read by numbers, and inside each
   * transaction that inserts them.
   */
  refresh(): void {
    const version = this.#db.version();
    if (version === this.#version) return;
    this.#version = version;
    this.#readMark();
  }

  /** The number of a name; one that no log has if the name has none. */
  numberOf(name: string): number {
    const known = this.#numbers.get(name);
    if (known !== undefined) {
      this.hits += 1;
      return known;
    }
    const row = this.#db.get(sql`SELECT number FROM names WHERE name = ${name}`);
    if (row === undefined) return NO_NAME;
    const number = Number(row.number);
    this.#remember(name, number);
    return number;
  }

  /** The number of a name, which is inserted if it is new. Call it inside a transaction, after `refresh`. */
  numberFor(name: string): number {
    const known = this.numberOf(name);
    if (known !== NO_NAME) return known;
    const number = Number(
      this.#db.get(sql`
        INSERT INTO names (number, name)
        VALUES (max(coalesce((SELECT max(number) FROM names), 0), ${this.#mark}) + 1, ${name})
        RETURNING number`)!.number,
    );
    this.#remember(name, number);
    return number;
  }

  /** @throws RelaylogError UNAVAILABLE if the number has no name: the database is damaged, or the name was deleted meanwhile. */
  nameOf(number: number): string {
    const known = this.#names.get(number);
    if (known !== undefined) {
      this.hits += 1;
      return known;
    }
    const row = this.#db.get(sql`SELECT name FROM names WHERE number = ${number}`);
    if (row === undefined) throw damaged();
    const name = String(row.name);
    this.#remember(name, number);
    return name;
  }

  /** Deletes the names that are not in use. Call it inside a transaction. Returns the number of deleted names. */
  deleteUnused(): number {
    this.#readMark();
    const highest = Number(this.#db.get(raw('SELECT max(number) AS number FROM names'))!.number);
    const deleted = this.#db.run(raw(`DELETE FROM names WHERE number NOT IN (${USED_NUMBERS})`));
    if (deleted === 0) return 0;
    this.forget();
    this.#mark = Math.max(highest, this.#mark) + 1;
    this.#db.run(
      sql`INSERT OR REPLACE INTO settings (name, value) VALUES (${MARK}, CAST(${String(this.#mark)} AS BLOB))`,
    );
    return deleted;
  }

  /** Drops what is cached. Call it after a rollback: the numbers that it undid may be given to other names. */
  forget(): void {
    this.#numbers.clear();
    this.#names.clear();
  }

  #readMark(): void {
    const row = this.#db.get(
      sql`SELECT CAST(CAST(value AS TEXT) AS INTEGER) AS mark FROM settings WHERE name = ${MARK}`,
    );
    const mark = Number(row?.mark ?? 0);
    if (mark !== this.#mark) this.forget();
    this.#mark = mark;
  }

  #remember(name: string, number: number): void {
    if (name.length > MAX_CACHED_LENGTH) return;
    if (this.#names.size >= MAX_CACHED) {
      this.evictions += MAX_CACHED;
      this.forget();
    }
    this.#numbers.set(name, number);
    this.#names.set(number, name);
  }
}
