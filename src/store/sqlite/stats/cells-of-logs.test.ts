import { expect, it } from 'vitest';
import { recorded, SAMPLE_TIME, sampleLog } from '../../../../test/store/samples.ts';
import { temporaryStoreUrl } from '../../../../test/store/temporary.ts';
import { SECOND_MS } from '../../../lib/time-units.ts';
import { MeasuresSum } from '../../../stats/measures.ts';
import { decodeCell } from '../../roll-ups/cell.ts';
import { Database } from '../database.ts';
import { SqliteOperations } from '../operations.ts';
import { insertRow } from '../schema/insert-row.ts';
import { sql } from '../sql/sql.ts';
import { cellsOf, LOGS_AT_ONCE } from './cells-of-logs.ts';

it('reads each log once, whatever the number of statements', () => {
  const file = temporaryStoreUrl().replace('sqlite:', '');
  const db = new Database({ file, busyMs: 0, cacheKib: 1024 });
  const store = new SqliteOperations(db);
  const span = [SAMPLE_TIME, SAMPLE_TIME + SECOND_MS] as const;
  const expected = new MeasuresSum();
  let stored = 0;
  /** Many of the logs have the same time. */
  const insertUpTo = (count: number) => {
    const rows = [];
    for (; stored < count; stored++) {
      const createdAt = SAMPLE_TIME + (stored % 7);
      const log = sampleLog({ createdAt, requestId: `r${stored}`, durationMs: stored, billedUnits: 1 });
      expected.add(log);
      rows.push(insertRow(recorded(log)));
    }
    store.insertAll([{ rows, ofOrganization: null }]);
  };
  insertUpTo(1);
  const organization = Number(db.get(sql`SELECT organization_id AS number FROM request_logs`)!.number);
  for (const count of [1, LOGS_AT_ONCE, LOGS_AT_ONCE + 1, 2 * LOGS_AT_ONCE, 2 * LOGS_AT_ONCE + 9]) {
    insertUpTo(count);
    const builder = cellsOf(db, organization, ...span);
    expect(builder.logs).toBe(count);
    const [cells] = builder.finish(Number.POSITIVE_INFINITY);
    const { percentiles, ...durations } = decodeCell(cells!.get('[]')!, SAMPLE_TIME).durations;
    expect(durations).toEqual(expected.result().durations);
  }
  db.close();
});
