import { DatabaseSync, type StatementSync } from 'node:sqlite';
import { FIELDS } from '../src/log/fields.ts';
import { timeOfLogId } from '../src/log/log-id.ts';
import type { SortField } from '../src/log/sort.ts';
import { ORGANIZATION, type RawPeer } from './depth-peers.ts';

const COLUMN = { durationMs: 'duration_ms', statusCode: 'status_code' } as const;
const UUID = /(.{8})(.{4})(.{4})(.{4})(.{12})/;

const INSERTED = `organization_id, id, request_id, method, path, status_code, duration_ms, route_pattern, auth_type, api_key_id, api_key_prefix, endpoint_type, error_type, error_detail, ip_address, user_agent, billed_units, trace_id, consumer_id, service, host, request_bytes, response_bytes, received_at`;
const INSERT = `INSERT INTO raw_logs (${INSERTED}) VALUES (${Array(24).fill('?').join(', ')}) ON CONFLICT DO NOTHING`;

/**
 * Plain node:sqlite on a file that Relaylog created. Reads Relaylog's table with hand-written statements and inserts into a
 * table of its own with the same columns and indexes.
 */
export function sqlitePeer(file: string): RawPeer {
  const db = new DatabaseSync(file);
  db.exec('PRAGMA synchronous = FULL; PRAGMA wal_autocheckpoint = 16000; PRAGMA cache_size = -131072');
  const keys = (sort: SortField) => (sort === 'createdAt' ? ['id'] : [COLUMN[sort], 'id']);
  const order = (sort: SortField) =>
    keys(sort)
      .map((key) => `${key} DESC`)
      .join(', ');
  // Names stay numbers as they are stored; the id is shown as hexadecimal digits.
  const columns = db
    .prepare(`SELECT name FROM pragma_table_info('request_logs') WHERE name <> 'id'`)
    .all()
    .map(({ name }) => name);
  const select = `SELECT lower(hex(id)) AS hexId, ${columns.join(', ')} FROM request_logs WHERE organization_id = ?`;
  const statements = new Map<string, StatementSync>();
  const prepared = (text: string) => {
    if (!statements.has(text)) statements.set(text, db.prepare(text));
    return statements.get(text)!;
  };
  const number = (name: string | null) =>
    name === null ? null : Number(prepared('SELECT number FROM names WHERE name = ?').get(name)!.number);
  const numbers = new Map<string | null, number | null>();
  const numberOf = (name: string | null) => {
    if (!numbers.has(name)) numbers.set(name, number(name));
    return numbers.get(name)!;
  };
  const bytes = (id: string) => Buffer.from(id.replaceAll('-', ''), 'hex');
  db.exec('DROP TABLE IF EXISTS raw_logs');
  for (const { name, sql } of db
    .prepare(
      `SELECT name, sql FROM sqlite_schema WHERE tbl_name = 'request_logs' AND sql IS NOT NULL ORDER BY type DESC`,
    )
    .all()) {
    const own = name === 'request_logs' ? 'raw_logs' : `raw_${name}`;
    db.exec(String(sql).replace(String(name), own).replace('ON request_logs', 'ON raw_logs'));
  }
  return {
    async positionAt(sort, rows, share) {
      const value = sort === 'createdAt' ? 'NULL' : COLUMN[sort];
      const row = db
        .prepare(
          `SELECT ${value} AS sortValue, lower(hex(id)) AS hexId FROM request_logs WHERE organization_id = ? ORDER BY ${order(sort)} LIMIT 1 OFFSET ?`,
        )
        .get(numberOf(ORGANIZATION), Math.floor(rows * share))!;
      const id = String(row.hexId).replace(UUID, '$1-$2-$3-$4-$5');
      const createdAt = timeOfLogId(id);
      return { id, createdAt, sortValue: Number(row.sortValue ?? createdAt) };
    },
    async page(sort, after, limit) {
      const organization = numberOf(ORGANIZATION);
      if (after === null) {
        return prepared(`${select} ORDER BY ${order(sort)} LIMIT ?`).all(organization, limit);
      }
      const place = sort === 'createdAt' ? [bytes(after.id)] : [after.sortValue, bytes(after.id)];
      const text = `${select} AND (${keys(sort).join(', ')}) < (${place.map(() => '?').join(', ')}) ORDER BY ${order(sort)} LIMIT ?`;
      return prepared(text).all(organization, ...place, limit);
    },
    usualPage: null,
    async insert(batch) {
      const statement = prepared(INSERT);
      db.exec('BEGIN IMMEDIATE');
      for (const { log } of batch) {
        statement.run(
          numberOf(log.organizationId),
          bytes(log.id),
          log.requestId,
          log.method,
          log.path,
          log.statusCode,
          log.durationMs ?? FIELDS.durationMs.nullSortKey,
          numberOf(log.routePattern),
          log.authType,
          numberOf(log.apiKeyId),
          log.apiKeyPrefix,
          log.endpointType,
          log.errorType,
          log.errorDetail,
          log.ipAddress,
          log.userAgent,
          log.billedUnits,
          log.traceId,
          numberOf(log.consumerId),
          numberOf(log.service),
          log.host,
          log.requestBytes,
          log.responseBytes,
          log.receivedAt,
        );
      }
      db.exec('COMMIT');
    },
    async close() {
      db.exec('DROP TABLE raw_logs');
      db.close();
    },
  };
}
