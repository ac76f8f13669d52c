import { HOUR_MS } from '../../../lib/time-units.ts';
import { MEASURED_FIELDS } from '../../../stats/measures.ts';
import { MONGO_INDEXES } from '../../indexes.ts';
import { CellBuilder, ROLLED_UP_FIELDS } from '../../roll-ups/builder.ts';
import { type Connection, CURRENT } from '../connection.ts';
import type { LogDocument } from '../documents.ts';
import { COLLECTIONS } from '../schema/collections.ts';

/** Hours are read together until they have this many logs. */
export const LOGS_AT_ONCE = 50_000;
/** Logs in one reply. */
const BATCH_SIZE = 5_000;

const PROJECTION = Object.fromEntries([...MEASURED_FIELDS, ...ROLLED_UP_FIELDS].map((name) => [name, 1]));

/** The logs that all earlier writes left. */
export function currentLogs({ db }: Connection) {
  return db.collection<LogDocument>(COLLECTIONS.logs.name, CURRENT);
}

/**
 * Reads the cells of successive hours from their logs.
 *
 * @param from the first hour since 1970.
 * @param to exclusive.
 * @param limit after this many logs, it stops at the end of the hour.
 * @returns by hour; hours after the last one were not read.
 */
export async function cellsOfHours(
  on: Connection,
  organizationId: string,
  from: number,
  to: number,
  limit: number,
): Promise<Map<number, CellBuilder>> {
  const cells = new Map<number, CellBuilder>();
  const cellsOf = (hour: number) => {
    for (let next = from + cells.size; next <= hour; next++) {
      cells.set(next, new CellBuilder(next * HOUR_MS));
    }
    return cells.get(hour)!;
  };
  const cursor = currentLogs(on).find(
    { organizationId, createdAt: { $gte: new Date(from * HOUR_MS), $lt: new Date(to * HOUR_MS) } },
    {
      sort: { createdAt: 1, _id: 1 },
      hint: MONGO_INDEXES.newest.name,
      projection: { _id: 0, ...PROJECTION },
      batchSize: BATCH_SIZE,
    },
  );
  let logs = 0;
  try {
    while (await cursor.hasNext()) {
      for (const log of cursor.readBufferedDocuments()) {
        const createdAt = log.createdAt.getTime();
        const hour = Math.floor(createdAt / HOUR_MS);
        if (logs >= limit && hour >= from + cells.size) return cells;
        const duration = log.durationMs ?? -1;
        cellsOf(hour).add(
          createdAt,
          log.statusCode,
          log.billedUnits ?? 0,
          duration < 0 ? null : duration,
          ROLLED_UP_FIELDS.map((name) => log[name] ?? null),
        );
        logs++;
      }
    }
  } finally {
    await cursor.close();
  }
  cellsOf(to - 1);
  return cells;
}
