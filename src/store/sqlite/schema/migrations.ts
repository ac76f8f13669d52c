/** Migrates a database from the previous version to this one. */
export interface Migration {
  readonly version: number;
  readonly sql: string;
}

/**
 * The migrations, as literal SQL that does not depend on other modules, so no other change can alter it. Never change a
 * migration, only add new ones; `migrations.test.ts` checks the digest of each.
 *
 * The first migration creates a new file. Versions 1 to 3 were never released. `PRAGMA application_id` marks the file as a
 * Relaylog database: 0x524c4f47, "RLOG" (sqlite.org/pragma.html#pragma_application_id).
 */
export const MIGRATIONS: readonly Migration[] = [
  {
    version: 4,
    sql: `
      CREATE TABLE request_logs (
        organization_id INTEGER NOT NULL,
        id BLOB NOT NULL,
        request_id TEXT NOT NULL,
        method TEXT NOT NULL,
        path TEXT NOT NULL,
        status_code INTEGER NOT NULL,
        duration_ms INTEGER NOT NULL,
        route_pattern INTEGER,
        auth_type TEXT,
        api_key_id INTEGER,
        api_key_prefix TEXT,
        endpoint_type TEXT,
        error_type TEXT,
        error_detail TEXT,
        ip_address TEXT,
        user_agent TEXT,
        billed_units INTEGER NOT NULL,
        trace_id TEXT,
        PRIMARY KEY (organization_id, id)
      ) STRICT, WITHOUT ROWID;
      CREATE INDEX request_logs_method ON request_logs (organization_id, method, id);
      CREATE INDEX request_logs_route ON request_logs (organization_id, route_pattern, id);
      CREATE INDEX request_logs_status ON request_logs (organization_id, status_code, id);
      CREATE INDEX request_logs_apiKey ON request_logs (organization_id, api_key_id, id);
      CREATE INDEX request_logs_slowest ON request_logs (organization_id, duration_ms, id);
      CREATE INDEX request_logs_routeSlowest ON request_logs (organization_id, route_pattern, duration_ms, id);
      CREATE INDEX request_logs_apiKeySlowest ON request_logs (organization_id, api_key_id, duration_ms, id);
      CREATE UNIQUE INDEX request_logs_requestId ON request_logs (organization_id, request_id);
      CREATE INDEX request_logs_failed ON request_logs (organization_id, id) WHERE status_code >= 400;
      CREATE TABLE request_log_payloads (
        organization_id INTEGER NOT NULL,
        id BLOB NOT NULL,
        request_headers TEXT,
        request_body TEXT,
        response_headers TEXT,
        response_body TEXT,
        PRIMARY KEY (organization_id, id)
      ) STRICT;
      CREATE TABLE names (number INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE) STRICT;
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
        revoked_at INTEGER,
        expires_at INTEGER,
        last_used_at INTEGER
      ) STRICT, WITHOUT ROWID;
      CREATE INDEX api_keys_organization ON api_keys (organization_id, created_at, id);
      CREATE TABLE settings (name TEXT PRIMARY KEY, value BLOB NOT NULL) STRICT, WITHOUT ROWID;
      CREATE TABLE leases (name TEXT PRIMARY KEY, holder TEXT NOT NULL, until INTEGER NOT NULL) STRICT, WITHOUT ROWID;
      PRAGMA application_id = 1380732743;`,
  },
  { version: 5, sql: 'ALTER TABLE request_logs ADD COLUMN consumer_id INTEGER' },
  { version: 6, sql: 'ALTER TABLE request_logs ADD COLUMN service INTEGER' },
  { version: 7, sql: 'ALTER TABLE request_logs ADD COLUMN host TEXT' },
  { version: 8, sql: 'ALTER TABLE request_logs ADD COLUMN request_bytes INTEGER' },
  { version: 9, sql: 'ALTER TABLE request_logs ADD COLUMN response_bytes INTEGER' },
  // Existing logs have no recorded arrival time: received_at becomes their createdAt, the first six bytes of the id.
  {
    version: 10,
    sql: `
      CREATE TABLE logs_of_version_10 (
        organization_id INTEGER NOT NULL,
        id BLOB NOT NULL,
        request_id TEXT NOT NULL,
        method TEXT NOT NULL,
        path TEXT NOT NULL,
        status_code INTEGER NOT NULL,
        duration_ms INTEGER NOT NULL,
        route_pattern INTEGER,
        auth_type TEXT,
        api_key_id INTEGER,
        api_key_prefix TEXT,
        endpoint_type TEXT,
        error_type TEXT,
        error_detail TEXT,
        ip_address TEXT,
        user_agent TEXT,
        billed_units INTEGER NOT NULL,
        trace_id TEXT,
        consumer_id INTEGER,
        service INTEGER,
        host TEXT,
        request_bytes INTEGER,
        response_bytes INTEGER,
        received_at INTEGER NOT NULL,
        PRIMARY KEY (organization_id, id)
      ) STRICT, WITHOUT ROWID;
      INSERT INTO logs_of_version_10 (organization_id, id, request_id, method, path, status_code, duration_ms, route_pattern,
        auth_type, api_key_id, api_key_prefix, endpoint_type, error_type, error_detail, ip_address,
        user_agent, billed_units, trace_id, consumer_id, service, host, request_bytes, response_bytes, received_at)
        SELECT organization_id, id, request_id, method, path, status_code, duration_ms, route_pattern,
          auth_type, api_key_id, api_key_prefix, endpoint_type, error_type, error_detail, ip_address,
          user_agent, billed_units, trace_id, consumer_id, service, host, request_bytes, response_bytes,
          (instr('123456789ABCDEF', substr(hex(id), 1, 1)) << 44)
            + (instr('123456789ABCDEF', substr(hex(id), 2, 1)) << 40)
            + (instr('123456789ABCDEF', substr(hex(id), 3, 1)) << 36)
            + (instr('123456789ABCDEF', substr(hex(id), 4, 1)) << 32)
            + (instr('123456789ABCDEF', substr(hex(id), 5, 1)) << 28)
            + (instr('123456789ABCDEF', substr(hex(id), 6, 1)) << 24)
            + (instr('123456789ABCDEF', substr(hex(id), 7, 1)) << 20)
            + (instr('123456789ABCDEF', substr(hex(id), 8, 1)) << 16)
            + (instr('123456789ABCDEF', substr(hex(id), 9, 1)) << 12)
            + (instr('123456789ABCDEF', substr(hex(id), 10, 1)) << 8)
            + (instr('123456789ABCDEF', substr(hex(id), 11, 1)) << 4)
            + (instr('123456789ABCDEF', substr(hex(id), 12, 1)) << 0)
        FROM request_logs ORDER BY organization_id, id;
      DROP TABLE request_logs;
      ALTER TABLE logs_of_version_10 RENAME TO request_logs;
      CREATE INDEX request_logs_method ON request_logs (organization_id, method, id);
      CREATE INDEX request_logs_route ON request_logs (organization_id, route_pattern, id);
      CREATE INDEX request_logs_status ON request_logs (organization_id, status_code, id);
      CREATE INDEX request_logs_apiKey ON request_logs (organization_id, api_key_id, id);
      CREATE INDEX request_logs_slowest ON request_logs (organization_id, duration_ms, id);
      CREATE INDEX request_logs_routeSlowest ON request_logs (organization_id, route_pattern, duration_ms, id);
      CREATE INDEX request_logs_apiKeySlowest ON request_logs (organization_id, api_key_id, duration_ms, id);
      CREATE UNIQUE INDEX request_logs_requestId ON request_logs (organization_id, request_id);
      CREATE INDEX request_logs_failed ON request_logs (organization_id, id) WHERE status_code >= 400;`,
  },
  {
    version: 11,
    sql: `
      CREATE TABLE roll_up_days (
        organization_id INTEGER NOT NULL,
        roll_up INTEGER NOT NULL,
        day INTEGER NOT NULL,
        key TEXT NOT NULL,
        total BLOB NOT NULL,
        hours BLOB NOT NULL,
        PRIMARY KEY (organization_id, roll_up, day, key)
      ) STRICT, WITHOUT ROWID;
      CREATE TABLE roll_up_contents (
        organization_id INTEGER NOT NULL,
        roll_up INTEGER NOT NULL,
        day INTEGER NOT NULL,
        groups INTEGER NOT NULL,
        hours_left_out INTEGER NOT NULL,
        PRIMARY KEY (organization_id, roll_up, day)
      ) STRICT, WITHOUT ROWID;
      CREATE TABLE roll_up_units (
        organization_id INTEGER NOT NULL,
        roll_up INTEGER NOT NULL,
        unit INTEGER NOT NULL,
        groups INTEGER NOT NULL,
        cells BLOB NOT NULL,
        PRIMARY KEY (organization_id, roll_up, unit)
      ) STRICT, WITHOUT ROWID;
      CREATE TABLE roll_up_dense_hours (
        organization_id INTEGER NOT NULL,
        hour INTEGER NOT NULL,
        left_out INTEGER NOT NULL,
        PRIMARY KEY (organization_id, hour)
      ) STRICT, WITHOUT ROWID;
      CREATE TABLE roll_up_marks (
        organization_id INTEGER NOT NULL,
        hour INTEGER NOT NULL,
        changes INTEGER NOT NULL,
        version INTEGER NOT NULL,
        failures INTEGER NOT NULL DEFAULT 0,
        PRIMARY KEY (organization_id, hour)
      ) STRICT, WITHOUT ROWID;
      CREATE TABLE roll_up_unit_marks (
        organization_id INTEGER NOT NULL,
        unit INTEGER NOT NULL,
        changes INTEGER NOT NULL,
        version INTEGER NOT NULL,
        failures INTEGER NOT NULL DEFAULT 0,
        PRIMARY KEY (organization_id, unit)
      ) STRICT, WITHOUT ROWID;
      CREATE TABLE roll_up_progress (
        organization_id INTEGER PRIMARY KEY,
        from_hour INTEGER NOT NULL
      ) STRICT;`,
  },
  {
    version: 12,
    sql: `
      CREATE TABLE usage_ledger (
        organization_id INTEGER NOT NULL,
        day INTEGER NOT NULL,
        api_key_id INTEGER,
        endpoint_type TEXT,
        requests INTEGER NOT NULL,
        billed_units INTEGER NOT NULL,
        errors INTEGER NOT NULL,
        durations INTEGER NOT NULL,
        duration_ms INTEGER NOT NULL
      ) STRICT;
      CREATE UNIQUE INDEX usage_ledger_entries ON usage_ledger (organization_id, day, api_key_id, endpoint_type);`,
  },
  // Every organization with logs gets a row; the hour 1099511627776 says that none of its hours is rolled up yet.
  {
    version: 13,
    sql: `
      INSERT INTO roll_up_progress (organization_id, from_hour)
        WITH RECURSIVE organizations(number) AS (
          SELECT min(organization_id) FROM request_logs
          UNION ALL
          SELECT (SELECT min(organization_id) FROM request_logs WHERE organization_id > number)
          FROM organizations WHERE number IS NOT NULL
        )
        SELECT number, 1099511627776 FROM organizations WHERE number IS NOT NULL
        ON CONFLICT DO NOTHING;
      CREATE INDEX roll_up_progress_unfinished ON roll_up_progress (organization_id) WHERE from_hour > 0;`,
  },
  // The indexes by duration lead with the first three bytes of the id: a time block of 2^24 milliseconds.
  {
    version: 14,
    sql: `
      DROP INDEX request_logs_method;
      DROP INDEX request_logs_route;
      DROP INDEX request_logs_status;
      DROP INDEX request_logs_apiKey;
      DROP INDEX request_logs_slowest;
      DROP INDEX request_logs_routeSlowest;
      DROP INDEX request_logs_apiKeySlowest;
      DROP INDEX request_logs_failed;
      CREATE INDEX request_logs_status ON request_logs (organization_id, status_code, id, duration_ms);
      CREATE INDEX request_logs_method ON request_logs (organization_id, method, status_code, id, duration_ms);
      CREATE INDEX request_logs_route ON request_logs (organization_id, route_pattern, status_code, id, duration_ms);
      CREATE INDEX request_logs_apiKey ON request_logs (organization_id, api_key_id, status_code, id, duration_ms);
      CREATE INDEX request_logs_consumer ON request_logs (organization_id, consumer_id, status_code, id, duration_ms)
        WHERE consumer_id IS NOT NULL;
      CREATE INDEX request_logs_slowest
        ON request_logs (organization_id, substr(id, 1, 3), duration_ms, id, status_code, method, route_pattern, api_key_id);
      CREATE INDEX request_logs_methodSlowest
        ON request_logs (organization_id, method, substr(id, 1, 3), duration_ms, id, status_code);
      CREATE INDEX request_logs_failedSlowest ON request_logs (organization_id, status_code, duration_ms, id) WHERE status_code >= 400;`,
  },
  // The number of logs of an existing organization is not known: 1099511627776 is more than any has.
  {
    version: 15,
    sql: `
      CREATE TABLE text_ranges (
        organization_id INTEGER NOT NULL,
        start BLOB NOT NULL,
        signature INTEGER,
        format INTEGER,
        divisor INTEGER NOT NULL,
        blocks BLOB,
        indexed INTEGER NOT NULL,
        unindexed INTEGER NOT NULL,
        late BLOB NOT NULL,
        changed_at INTEGER NOT NULL,
        PRIMARY KEY (organization_id, start)
      ) STRICT, WITHOUT ROWID;
      CREATE INDEX text_ranges_unindexed ON text_ranges (unindexed) WHERE divisor = 0;
      CREATE INDEX text_ranges_format ON text_ranges (format) WHERE divisor > 0;
      CREATE TABLE text_signatures (id INTEGER PRIMARY KEY, bits BLOB NOT NULL) STRICT;
      INSERT INTO text_ranges (organization_id, start, divisor, indexed, unindexed, late, changed_at)
        SELECT organization_id, x'', 0, 0, 1099511627776, x'', 0 FROM roll_up_progress;`,
  },
];
