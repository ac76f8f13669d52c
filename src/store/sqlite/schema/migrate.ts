import { randomBytes } from 'node:crypto';
import type { DatabaseSync } from 'node:sqlite';
import { unavailable } from '../../unavailable.ts';
import { MIGRATIONS } from './migrations.ts';

/** As the first migration writes it. */
const APPLICATION_ID = 0x524c4f47;

export const SCHEMA_VERSION = MIGRATIONS.at(-1)!.version;

const OLDEST_VERSION = MIGRATIONS[0]!.version;

/**
 * Brings the database to our version; several processes may try at once.
 *
 * @param to the version to stop at, for tests.
 * @throws RelaylogError UNAVAILABLE for a file that is not ours, or of a version that we cannot read.
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

/** The schema version of a file, 0 for a new one. */
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
  if (version > 0 && version < OLDEST_VERSION) {
    throw unavailable(
      `the database has schema version ${version} of an unreleased Relaylog; this one reads ${OLDEST_VERSION} to ${SCHEMA_VERSION}`,
    );
  }
  return version;
}
