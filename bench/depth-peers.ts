import { DatabaseSync } from 'node:sqlite';
import { MongoClient } from 'mongodb';
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
const COLUMN = { createdAt: 'created_at', durationMs: 'duration_ms', statusCode: 'status_code' } as const;

export function sqlitePeer(file: string): RawPeer {
  const db = new DatabaseSync(file);
  const keys = (sort: SortField) =>
    sort === 'createdAt' ? ['created_at', 'id'] : [COLUMN[sort], 'created_at', 'id'];
  const order = (sort: SortField) =>
    keys(sort)
      .map((key) => `${key} DESC`)
      .join(', ');
  const statements = new Map<string, ReturnType<DatabaseSync['prepare']>>();
  const prepared = (text: string) => {
    if (!statements.has(text)) statements.set(text, db.prepare(text));
    return statements.get(text)!;
  };
  db.exec('CREATE TABLE IF NOT EXISTS raw_logs AS SELECT * FROM request_logs WHERE 0');
  for (const { name, sql } of db
    .prepare(
      `SELECT name, sql FROM sqlite_schema WHERE tbl_name = 'request_logs' AND type = 'index' AND sql IS NOT NULL`,
    )
    .all()) {
    db.exec(
      String(sql)
        .replace(String(name), `raw_${name}`)
        .replace('ON request_logs', 'ON raw_logs')
        .replace('INDEX ', 'INDEX IF NOT EXISTS '),
    );
  }
  db.exec('CREATE INDEX IF NOT EXISTS raw_newest ON raw_logs (organization_id, created_at, id)');
  return {
    async positionAt(sort, rows, share) {
      const row = db
        .prepare(
          `SELECT ${COLUMN[sort]} AS sortValue, created_at AS createdAt, id FROM request_logs WHERE organization_id = ? ORDER BY ${order(sort)} LIMIT 1 OFFSET ?`,
        )
        .get(ORGANIZATION, Math.floor(rows * share));
      return row as unknown as Position;
    },
    async page(sort, after, limit) {
      if (after === null) {
        return prepared(
          `SELECT * FROM request_logs WHERE organization_id = ? ORDER BY ${order(sort)} LIMIT ?`,
        ).all(ORGANIZATION, limit);
      }
      const place =
        sort === 'createdAt' ? [after.createdAt, after.id] : [after.sortValue, after.createdAt, after.id];
      const text = `SELECT * FROM request_logs WHERE organization_id = ? AND (${keys(sort).join(', ')}) < (${place.map(() => '?').join(', ')}) ORDER BY ${order(sort)} LIMIT ?`;
      return prepared(text).all(ORGANIZATION, ...place, limit);
    },
    async insert(batch) {
      const names = db
        .prepare('SELECT name FROM pragma_table_info(?)')
        .all('raw_logs')
        .map((row) => String(row.name));
      const statement = prepared(
        `INSERT INTO raw_logs VALUES (${names.map(() => '?').join(', ')}) ON CONFLICT DO NOTHING`,
      );
      db.exec('BEGIN IMMEDIATE');
      for (const { log } of batch) {
        const values = names.map(
          (name) => log[name.replace(/_[a-z]/g, (part) => part[1]!.toUpperCase()) as keyof typeof log],
        );
        statement.run(
          ...values.map((value, i) => (names[i] === 'duration_ms' ? (value ?? UNKNOWN_DURATION) : value)),
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
