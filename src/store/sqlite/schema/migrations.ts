import { isNamed, LOG_COLUMN_NAMES, type LogColumn, snakeCase } from './columns.ts';
import { CREATE_LOG_INDEXES, CREATE_LOG_TABLE } from './log-table.ts';

/** Marks a file as ours: "RLOG" (sqlite.org/pragma.html#pragma_application_id). */
export const APPLICATION_ID = 0x524c4f47;

/** The n-th entry takes a database from version n to n + 1; entries are never changed, only added. */
export const MIGRATIONS: readonly string[] = [
  `
  CREATE TABLE request_logs (
    organization_id TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    id TEXT NOT NULL,
    request_id TEXT NOT NULL,
    method TEXT NOT NULL,
    path TEXT NOT NULL,
    status_code INTEGER NOT NULL,
    duration_ms INTEGER NOT NULL,
    route_pattern TEXT,
    auth_type TEXT,
    api_key_id TEXT,
    api_key_prefix TEXT,
    endpoint_type TEXT,
    error_type TEXT,
    error_detail TEXT,
    ip_address TEXT,
    user_agent TEXT,
    billed_units INTEGER NOT NULL,
    trace_id TEXT,
    PRIMARY KEY (organization_id, created_at, id)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX request_logs_method ON request_logs (organization_id, method, created_at, id);
  CREATE INDEX request_logs_route ON request_logs (organization_id, route_pattern, created_at, id);
  CREATE INDEX request_logs_status ON request_logs (organization_id, status_code, created_at, id);
  CREATE INDEX request_logs_apiKey ON request_logs (organization_id, api_key_id, created_at, id);
  CREATE INDEX request_logs_slowest ON request_logs (organization_id, duration_ms, created_at, id);
  CREATE INDEX request_logs_routeSlowest ON request_logs (organization_id, route_pattern, duration_ms, created_at, id);
  CREATE INDEX request_logs_apiKeySlowest ON request_logs (organization_id, api_key_id, duration_ms, created_at, id);
  CREATE UNIQUE INDEX request_logs_requestId ON request_logs (organization_id, request_id);
  CREATE INDEX request_logs_failed ON request_logs (organization_id, created_at, id) WHERE status_code >= 400;
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
  // Names as numbers, ids as bytes. An id that does not hold its log's time is NULL, which no column of ids takes.
  `
  CREATE TABLE names (number INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE) STRICT;
  ALTER TABLE request_logs RENAME TO old_logs;
  ALTER TABLE request_log_payloads RENAME TO old_payloads;
  INSERT INTO names (name) SELECT DISTINCT organization_id FROM old_logs ORDER BY organization_id;
  INSERT INTO names (name)
    SELECT route_pattern FROM old_logs WHERE route_pattern NOT NULL
    UNION SELECT api_key_id FROM old_logs WHERE api_key_id NOT NULL
    EXCEPT SELECT name FROM names;
  ${CREATE_LOG_TABLE}
  INSERT INTO request_logs SELECT ${LOG_COLUMN_NAMES.map(fromVersion3).join(', ')} FROM old_logs
    ORDER BY organization_id, created_at, id;
  DROP TABLE old_logs;
  ${CREATE_LOG_INDEXES}
  CREATE TABLE request_log_payloads (
    organization_id INTEGER NOT NULL,
    id BLOB NOT NULL,
    request_headers TEXT,
    request_body TEXT,
    response_headers TEXT,
    response_body TEXT,
    PRIMARY KEY (organization_id, id)
  ) STRICT;
  INSERT INTO request_log_payloads
    SELECT (SELECT number FROM names WHERE name = organization_id), unhex(id, '-'),
      request_headers, request_body, response_headers, response_body
    FROM old_payloads ORDER BY old_payloads.rowid;
  DROP TABLE old_payloads;
  `,
];

/** A column of `request_logs`, worked out from the columns that the table had in version 3. */
function fromVersion3(name: LogColumn): string {
  const old = snakeCase(name);
  if (isNamed(name)) return `(SELECT number FROM names WHERE name = ${old})`;
  if (name !== 'id') return old;
  const time = `printf('%08x-%04x', created_at >> 16, created_at & 65535)`;
  return `CASE substr(id, 1, 13) WHEN ${time} THEN unhex(id, '-') END`;
}
