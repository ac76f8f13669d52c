import { randomBytes } from 'node:crypto';
import type { DatabaseSync } from 'node:sqlite';
import { damaged, unavailable } from '../errors.ts';
import { APPLICATION_ID, MIGRATIONS } from './migrations.ts';

/** SQLITE_CONSTRAINT_NOTNULL (sqlite.org/rescode.html). */
const NOT_NULL = 1299;

export const SCHEMA_VERSION = MIGRATIONS.length;

/** Brings the database to our version; several processes may try at once. @throws RelaylogError UNAVAILABLE */
export function migrate(db: DatabaseSync, to: number = SCHEMA_VERSION): void {
  if (versionOf(db) === to) return;
  db.exec('BEGIN IMMEDIATE');
  try {
    for (let version = versionOf(db); version < to; version++) {
      db.exec(MIGRATIONS[version]!);
      db.exec(`PRAGMA user_version = ${version + 1}`);
    }
    db.prepare('INSERT INTO settings VALUES (?, ?) ON CONFLICT DO NOTHING').run(
      'cursor_secret',
      randomBytes(32),
    );
    db.exec('COMMIT');
  } catch (error) {
    db.exec('ROLLBACK');
    // Our own rows always fit: what does not was not written by us.
    throw (error as { errcode?: number }).errcode === NOT_NULL ? damaged(error) : error;
  }
}

/** The schema version of a file, 0 for a new one; refuses files that are not ours or from a later Relaylog. */
function versionOf(db: DatabaseSync): number {
  const pragma = (name: string) => Number(Object.values(db.prepare(`PRAGMA ${name}`).get()!)[0]);
  const version = pragma('user_version');
  const tables = Number(db.prepare('SELECT count(*) AS n FROM sqlite_schema').get()!.n);
  if (tables > 0 && pragma('application_id') !== APPLICATION_ID) {
    throw unavailable('the file is a database of another application');
  }
  if (version > SCHEMA_VERSION) {
    throw unavailable(
      `the database has schema version ${version} and this Relaylog knows ${SCHEMA_VERSION}; update Relaylog`,
    );
  }
  return version;
}
