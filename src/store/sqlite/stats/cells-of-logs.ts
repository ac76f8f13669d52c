import { CellBuilder, ROLLED_UP_FIELDS } from '../../roll-ups/builder.ts';
import type { Database } from '../database.ts';
import { startOfTime } from '../schema/id-bytes.ts';
import { collectRows } from '../sql/collect-rows.ts';
import { sql } from '../sql/sql.ts';
import { STOP_CHECK } from '../sql/stop-check.ts';
import { measuredRow, measuredValues } from './collect-logs.ts';

/** The cells of a span of time, from its logs. */
export function cellsOf(db: Database, organization: number, from: number, to: number): CellBuilder {
  const builder = new CellBuilder(from);
  const take = measuredRow(ROLLED_UP_FIELDS, (time, status, units, duration, values) =>
    builder.add(time, status, units, duration, values),
  );
  db.collect(
    sql`
      SELECT ${collectRows(measuredValues(ROLLED_UP_FIELDS))} FROM request_logs
      WHERE organization_id = ${organization} AND id >= ${startOfTime(from)} AND id < ${startOfTime(to)} AND ${STOP_CHECK}`,
    take,
  );
  return builder;
}
