import { randomBytes } from 'node:crypto';
import type { DatabaseSync } from 'node:sqlite';
import { unavailable } from '../../unavailable.ts';
import { MIGRATIONS } from './migrations.ts';

/** The `application_id` that the first migration sets. */
const APPLICATION_ID = 0x524c4f47;

export const SCHEMA_VERSION = MIGRATIONS.at(-1)!.version;

const OLDEST_VERSION = MIGRATIONS[0]!.version;

/**
 * Migrates the database to the current schema version. Several processes can call it at the same time.
 *
 * @param to the version to stop at, for tests. Default: the current version.
 * @throws RelaylogError UNAVAILABLE if the file belongs to another application or its version is not supported.
 */
export function migrate(db: DatabaseSync, to: number = SCHEMA_VERSION): void {
  if (versionOf(db) === to) return;
  db.exec('BEGIN IMMEDIATE');
  try {
    const from = versionOf(db);
    for (const { version, sql } of MIGRATIONS) {
      if (version <= from || version > to) continue;
      db.exec(sql);
      db.exec(`PRAGMA user_version = ${version}`);
    }
    db.prepare('INSERT INTO settings (name, value) VALUES (?, ?) ON CONFLICT DO NOTHING').run(
      'cursor_secret',
      randomBytes(32),
    );
    db.exec('COMMIT');
  } catch (error) {
    db.exec('ROLLBACK');
    throw error;
  }
}

/** The schema version of the file; 0 for a new file. */
function versionOf(db: DatabaseSync): number {
  const pragma = (name: string) => Number(Object.values(db.prepare(`PRAGMA ${name}`).get()!)[0]);
  const version = pragma('user_version');
  const tables = Number(db.prepare('SELECT count(*) AS n FROM sqlite_schema').get()!.n);
  if (tables > 0 && pragma('application_id') !== APPLICATION_ID) {
    throw unavailable('the file is a database of another application');
  }
  if (version > SCHEMA_VERSION) {
    throw unavailable(
      `the database has schema version ${version}, but this version of Relaylog supports versions up to ${SCHEMA_VERSION}; update Relaylog`,
    );
  }
  if (version > 0 && version < OLDEST_VERSION) {
    throw unavailable(
      `the database has schema version ${version} of an unreleased version of Relaylog; supported versions are ${OLDEST_VERSION} to ${SCHEMA_VERSION}`,
    );
  }
  return version;
}
