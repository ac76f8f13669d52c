import { CellBuilder, ROLLED_UP_FIELDS } from '../../roll-ups/builder.ts';
import type { Database } from '../database.ts';
import { startOfTime } from '../schema/id-bytes.ts';
import { collectRows } from '../sql/collect-rows.ts';
import { sql } from '../sql/sql.ts';
import { STOP_CHECK } from '../sql/stop-check.ts';
import { measuredRow, measuredValues } from './collect-logs.ts';

/**
 * Logs that one statement reads. The values that node:sqlite passes to a function are retained until the statement ends, and V8 visits
 * all of them at each collection of young objects: see the decision on roll-ups.
 */
export const LOGS_AT_ONCE = 5_000;

/**
 * The cells of a span of time, from its logs. Several statements read them: call it in a snapshot, or do not use the cells if logs of
 * the span were changed meanwhile.
 */
export function cellsOf(db: Database, organization: number, from: number, to: number): CellBuilder {
  const builder = new CellBuilder(from);
  const take = measuredRow(ROLLED_UP_FIELDS, (time, status, units, duration, values) =>
    builder.add(time, status, units, duration, values),
  );
  const end = startOfTime(to);
  for (let start: Uint8Array | undefined = startOfTime(from); start !== undefined; ) {
    db.get(sql`SELECT ${STOP_CHECK}`);
    const next = nextStart(db, organization, start, end);
    db.collect(
      sql`
        SELECT ${collectRows(measuredValues(ROLLED_UP_FIELDS))} FROM request_logs
        WHERE organization_id = ${organization} AND id >= ${start} AND id < ${next ?? end}`,
      take,
    );
    start = next;
  }
  return builder;
}

/** The id of the first log that the statement which begins at `start` does not read; undefined if it reads all logs before `end`. */
function nextStart(
  db: Database,
  organization: number,
  start: Uint8Array,
  end: Uint8Array,
): Uint8Array | undefined {
  const [row] = db.rows<[id: Uint8Array]>(sql`
    SELECT id FROM request_logs WHERE organization_id = ${organization} AND id >= ${start} AND id < ${end}
    ORDER BY id LIMIT 1 OFFSET ${LOGS_AT_ONCE}`);
  return row?.[0];
}
