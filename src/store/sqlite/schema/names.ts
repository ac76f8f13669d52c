import type { CacheFigures } from '../../../lib/counted-cache.ts';
import type { Database } from '../database.ts';
import { damaged } from '../errors.ts';
import { sql } from '../sql/sql.ts';

/** What is kept in memory of the names, on each connection. */
const MAX_CACHED = 4_096;
const MAX_CACHED_LENGTH = 256;

/** No name has this number. */
const NO_NAME = 0;

/**
 * Texts that many logs share (organization, route, API key): each is kept once, in the table `names`, and the logs hold
 * its number. A name keeps its number for good; the table only grows.
 */
export class Names implements CacheFigures {
  readonly #db: Database;
  readonly #numbers = new Map<string, number>();
  readonly #names = new Map<number, string>();
  hits = 0;
  evictions = 0;

  constructor(db: Database) {
    this.#db = db;
  }

  get size(): number {
    return this.#names.size;
  }

  /** The number of a name; one that no log has where the name has none. */
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

  /** The number of a name, which gets one if it has none: inside a transaction. */
  numberFor(name: string): number {
    const known = this.numberOf(name);
    if (known !== NO_NAME) return known;
    const number = Number(
      this.#db.get(sql`INSERT INTO names (name) VALUES (${name}) RETURNING number`)!.number,
    );
    this.#remember(name, number);
    return number;
  }

  /** @throws RelaylogError UNAVAILABLE for a number that has no name: the database is damaged. */
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

  /** After a rollback: numbers that were given in it may be given to other names. */
  forget(): void {
    this.#numbers.clear();
    this.#names.clear();
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
