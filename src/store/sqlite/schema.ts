import { randomBytes } from 'node:crypto';
import type { DatabaseSync } from 'node:sqlite';
import { LOG_INDEXES, type LogIndex } from '../indexes.ts';
import { LOG_COLUMN_NAMES, LOG_COLUMNS, type LogColumn, snakeCase } from './columns.ts';
import { unavailable } from './errors.ts';

/** Marks a file as ours: "RLOG" (sqlite.org/pragma.html#pragma_application_id). */
const APPLICATION_ID = 0x524c4f47;

const columnList = (names: readonly LogColumn[]) => names.map(snakeCase).join(', ');

function createIndex(index: LogIndex): string {
  const where = index.minStatusCode === undefined ? '' : ` WHERE status_code >= ${index.minStatusCode}`;
  const unique = index.unique ? 'UNIQUE ' : '';
  return `CREATE ${unique}INDEX ${indexName(index)} ON request_logs (${columnList(index.keys)})${where};`;
}

/** The rows themselves are kept in the order of the index `newest`: it is the primary key. */
export function indexName(index: LogIndex): string {
  return index.name === LOG_INDEXES.newest.name
    ? 'sqlite_autoindex_request_logs_1'
    : `request_logs_${index.name}`;
}

/** The n-th entry takes a database from version n to n + 1; entries are never changed, only added. */
const MIGRATIONS: readonly string[] = [
  `
  CREATE TABLE request_logs (
    ${LOG_COLUMN_NAMES.map((name) => `${snakeCase(name)} ${LOG_COLUMNS[name]}`).join(',\n    ')},
    PRIMARY KEY (${columnList(LOG_INDEXES.newest.keys)})
  ) STRICT, WITHOUT ROWID;
  ${Object.values(LOG_INDEXES)
    .filter((index) => index !== LOG_INDEXES.newest)
    .map(createIndex)
    .join('\n  ')}
  CREATE TABLE request_log_payloads (
    organization_id TEXT NOT NULL,
    id TEXT NOT NULL,
    request_headers TEXT,
    request_body TEXT,
    response_headers TEXT,
    response_body TEXT,
    PRIMARY KEY (organization_id, id)
  ) STRICT;
  CREATE TABLE organizations (
    id TEXT PRIMARY KEY,
    plan TEXT NOT NULL,
    created_at INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE api_keys (
    id TEXT PRIMARY KEY,
    organization_id TEXT NOT NULL REFERENCES organizations (id),
    prefix TEXT NOT NULL,
    hash TEXT NOT NULL UNIQUE,
    scopes TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    revoked_at INTEGER
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX api_keys_organization ON api_keys (organization_id, created_at, id);
  CREATE TABLE settings (name TEXT PRIMARY KEY, value BLOB NOT NULL) STRICT, WITHOUT ROWID;
  PRAGMA application_id = ${APPLICATION_ID};
  `,
  `
  ALTER TABLE api_keys ADD COLUMN expires_at INTEGER;
  ALTER TABLE api_keys ADD COLUMN last_used_at INTEGER;
  `,
  `
  CREATE TABLE leases (name TEXT PRIMARY KEY, holder TEXT NOT NULL, until INTEGER NOT NULL) STRICT, WITHOUT ROWID;
  `,
];

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
    throw error;
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
