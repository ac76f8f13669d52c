import { MEASURED_FIELDS } from '../../../stats/measures.ts';
import { LOG_INDEXES } from '../../indexes.ts';
import { CellBuilder, ROLLED_UP_FIELDS } from '../../roll-ups/builder.ts';
import { type Connection, CURRENT } from '../connection.ts';
import type { LogDocument } from '../documents.ts';
import { COLLECTIONS } from '../schema/collections.ts';

/** Logs in one reply. */
const BATCH_SIZE = 5_000;

const PROJECTION = Object.fromEntries([...MEASURED_FIELDS, ...ROLLED_UP_FIELDS].map((name) => [name, 1]));

/** The logs that all earlier writes left. */
export function currentLogs({ db }: Connection) {
  return db.collection<LogDocument>(COLLECTIONS.logs.name, CURRENT);
}

/** The cells of a span of time, from its logs. @param from Unix milliseconds. */
export async function cellsOfLogs(
  on: Connection,
  organizationId: string,
  from: number,
  to: number,
): Promise<CellBuilder> {
  const builder = new CellBuilder(from);
  const cursor = currentLogs(on).find(
    { organizationId, createdAt: { $gte: new Date(from), $lt: new Date(to) } },
    { hint: LOG_INDEXES.newest.name, projection: { _id: 0, ...PROJECTION }, batchSize: BATCH_SIZE },
  );
  while (await cursor.hasNext()) {
    for (const log of cursor.readBufferedDocuments()) {
      const duration = log.durationMs ?? -1;
      builder.add(
        log.createdAt.getTime(),
        log.statusCode,
        log.billedUnits ?? 0,
        duration < 0 ? null : duration,
        ROLLED_UP_FIELDS.map((name) => log[name] ?? null),
      );
    }
  }
  return builder;
}
