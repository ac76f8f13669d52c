import { type Filter, MongoClient } from 'mongodb';
import { FIELDS } from '../src/log/fields.ts';
import type { SortField } from '../src/log/sort.ts';
import type { LogDocument } from '../src/store/mongo/documents.ts';
import { ORGANIZATION, type RawPeer } from './depth-peers.ts';

/**
 * The plain MongoDB driver on a database that Relaylog created. Reads Relaylog's collection with hand-written queries and
 * inserts into a collection of its own with the same indexes.
 */
export async function mongoPeer(url: string): Promise<RawPeer> {
  const client = await MongoClient.connect(url);
  const db = client.db();
  const logs = db.collection<LogDocument>('request_logs');
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
  const find = (sort: SortField, filter: Filter<LogDocument>, limit: number) =>
    logs
      .find({ organizationId: ORGANIZATION, ...filter })
      .sort(order(sort))
      .hint(hint[sort])
      .limit(limit)
      .batchSize(limit)
      .toArray();
  return {
    async positionAt(sort, rows, share) {
      const [found] = await logs
        .find({ organizationId: ORGANIZATION })
        .sort(order(sort))
        .hint(hint[sort])
        .skip(Math.floor(rows * share))
        .limit(1)
        .toArray();
      const createdAt = found!.createdAt.getTime();
      return { sortValue: sort === 'createdAt' ? createdAt : found![sort], createdAt, id: found!._id };
    },
    async page(sort, after, limit) {
      if (after === null) return find(sort, {}, limit);
      const ties = { createdAt: { $lte: new Date(after.createdAt) }, _id: { $lt: after.id } };
      if (sort === 'createdAt') return find(sort, ties, limit);
      const page = await find(sort, { [sort]: after.sortValue, ...ties }, limit);
      if (page.length === limit) return page;
      return [...page, ...(await find(sort, { [sort]: { $lt: after.sortValue } }, limit - page.length))];
    },
    usualPage(sort, after, limit) {
      const createdAt = new Date(after.createdAt);
      const value = sort === 'createdAt' ? createdAt : after.sortValue;
      const places = [
        { [sort]: { $lt: value } },
        ...(sort === 'createdAt' ? [] : [{ [sort]: value, createdAt: { $lt: createdAt } }]),
        { [sort]: value, createdAt, _id: { $lt: after.id } },
      ];
      return find(sort, { [sort]: { $lte: value }, $or: places }, limit);
    },
    async insert(batch) {
      const documents = batch.map(({ log: { id, createdAt, durationMs, ...rest } }) => ({
        _id: id,
        createdAt: new Date(createdAt),
        durationMs: durationMs ?? FIELDS.durationMs.nullSortKey,
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
