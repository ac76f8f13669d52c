import { DatabaseSync, type StatementSync } from 'node:sqlite';
import { MongoClient } from 'mongodb';
import { timeOfLogId } from '../src/log/log-id.ts';
import type { RecordedRequest } from '../src/log/request-log.ts';
import { type Position, type SortField, UNKNOWN_DURATION } from '../src/log/sort.ts';

/** What somebody would write by hand on the plain driver, with the same indexes: the measure beside ours. */
export interface RawPeer {
  /** The place at a share of the depth (0 to 1), largest first. */
  positionAt(sort: SortField, rows: number, share: number): Promise<Position>;
  page(sort: SortField, after: Position | null, limit: number): Promise<unknown[]>;
  /** Inserts into a table or collection of its own that has the same indexes. */
  insert(batch: readonly RecordedRequest[]): Promise<void>;
  close(): Promise<void>;
}

export const ORGANIZATION = 'bench';
const COLUMN = { durationMs: 'duration_ms', statusCode: 'status_code' } as const;
const UUID = /(.{8})(.{4})(.{4})(.{4})(.{12})/;

/** Of a file that Relaylog made: reads its table by hand, and writes one of its own that is made alike. */
export function sqlitePeer(file: string): RawPeer {
  const db = new DatabaseSync(file);
  db.exec('PRAGMA synchronous = FULL; PRAGMA wal_autocheckpoint = 16000; PRAGMA cache_size = -131072');
  const keys = (sort: SortField) => (sort === 'createdAt' ? ['id'] : [COLUMN[sort], 'id']);
  const order = (sort: SortField) =>
    keys(sort)
      .map((key) => `${key} DESC`)
      .join(', ');
  // As the table has them: names as numbers, the id as hexadecimal digits.
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
    async insert(batch) {
      const statement = prepared(
        `INSERT INTO raw_logs VALUES (${Array(18).fill('?').join(', ')}) ON CONFLICT DO NOTHING`,
      );
      db.exec('BEGIN IMMEDIATE');
      for (const { log } of batch) {
        statement.run(
          numberOf(log.organizationId),
          bytes(log.id),
          log.requestId,
          log.method,
          log.path,
          log.statusCode,
          log.durationMs ?? UNKNOWN_DURATION,
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

export async function mongoPeer(url: string): Promise<RawPeer> {
  const client = await MongoClient.connect(url);
  const db = client.db();
  const logs = db.collection<{ _id: string; createdAt: Date }>('request_logs');
  const raw = db.collection<{ _id: string }>('raw_logs');
  await raw.drop().catch(() => undefined);
  const indexes = (await logs.indexes()).filter(({ name }) => name !== '_id_');
  await raw.createIndexes(
    indexes.map(({ key, name, unique, partialFilterExpression }) => ({
      key,
      name: name!,
      ...(unique && { unique }),
      ...(partialFilterExpression && { partialFilterExpression }),
    })),
  );
  const order = (sort: SortField): Record<string, -1> =>
    sort === 'createdAt' ? { createdAt: -1, _id: -1 } : { [sort]: -1, createdAt: -1, _id: -1 };
  const hint = { createdAt: 'newest', durationMs: 'slowest', statusCode: 'status' } as const;
  return {
    async positionAt(sort, rows, share) {
      const [found] = await logs
        .find({ organizationId: ORGANIZATION })
        .sort(order(sort))
        .hint(hint[sort])
        .skip(Math.floor(rows * share))
        .limit(1)
        .toArray();
      const value = (found as unknown as Record<string, unknown>)[sort];
      const createdAt = found!.createdAt.getTime();
      return { sortValue: value instanceof Date ? createdAt : Number(value), createdAt, id: found!._id };
    },
    async page(sort, after, limit) {
      const at = after && {
        value: sort === 'createdAt' ? new Date(after.createdAt) : after.sortValue,
        createdAt: new Date(after.createdAt),
      };
      const tie = after && [
        {
          [sort]: at!.value,
          ...(sort === 'createdAt' ? {} : { createdAt: at!.createdAt }),
          _id: { $lt: after.id },
        },
      ];
      const keyset =
        after === null
          ? {}
          : {
              [sort]: { $lte: at!.value },
              $or: [
                { [sort]: { $lt: at!.value } },
                ...(sort === 'createdAt' ? [] : [{ [sort]: at!.value, createdAt: { $lt: at!.createdAt } }]),
                ...tie!,
              ],
            };
      return logs
        .find({ organizationId: ORGANIZATION, ...keyset })
        .sort(order(sort))
        .hint(hint[sort])
        .limit(limit)
        .batchSize(limit)
        .toArray();
    },
    async insert(batch) {
      const documents = batch.map(({ log: { id, createdAt, durationMs, ...rest } }) => ({
        _id: id,
        createdAt: new Date(createdAt),
        durationMs: durationMs ?? UNKNOWN_DURATION,
        ...rest,
      }));
      await raw.insertMany(documents, { ordered: false, writeConcern: { w: 'majority' } });
    },
    async close() {
      await raw.drop();
      await client.close();
    },
  };
}
