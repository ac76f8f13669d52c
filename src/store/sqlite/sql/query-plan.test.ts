import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { anyFilter, SAMPLE_TIME } from '../../../../test/store/samples.ts';
import { logId } from '../../../log/log-id.ts';
import { DIRECTIONS, SORT_FIELDS } from '../../../log/sort.ts';
import { type FilterPlan, type StreamValues, streamsWithin } from '../../access-path.ts';
import type { KeyBound } from '../../key-bounds.ts';
import { timeBlockOf } from '../../time-block.ts';
import { SQLITE_PATHS } from '../access-paths.ts';
import { Database } from '../database.ts';
import { indexName } from '../schema/index-name.ts';
import { mergedPositionsSql, pageSql, scannedPositionsSql } from './page-sql.ts';
import type { Sql } from './sql.ts';
import { addStopCheck, STOP_CHECK } from './stop-check.ts';

it('SQLite uses the chosen index for any query, and merges streams without a sort', () => {
  const file = join(mkdtempSync(join(tmpdir(), 'relaylog-')), 'store.db');
  new Database({ file, busyMs: 0, cacheKib: 1024 }).close();
  const db = new DatabaseSync(file);
  addStopCheck(db, () => false, { rowsLeft: Number.POSITIVE_INFINITY });
  const explained = ({ text, values }: Sql) => {
    const steps = db
      .prepare(`EXPLAIN QUERY PLAN ${text}`)
      .all(...values)
      .map((row) => String(row.detail));
    return { steps, reads: steps.filter((step) => /^(SEARCH|SCAN) request_logs/.test(step)) };
  };
  const usingOf = ({ index }: FilterPlan<KeyBound>) => {
    const name = indexName(index);
    return name.startsWith('sqlite_autoindex') ? 'USING PRIMARY KEY' : `INDEX ${name} `;
  };
  const position = { sortValue: 5, createdAt: SAMPLE_TIME, id: logId(SAMPLE_TIME, 'acme', 'x') };
  fc.assert(
    fc.property(
      anyFilter,
      fc.constantFrom(...SORT_FIELDS),
      fc.constantFrom(...DIRECTIONS),
      fc.constantFrom(undefined, position),
      (filter, sort, direction, after) => {
        const query = {
          scope: { organizationId: 'acme', visibleFrom: SAMPLE_TIME },
          filter,
          sort,
          direction,
          after,
          limit: 10,
        };
        const plan = SQLITE_PATHS.planPage(query);
        if (plan.residual.op === 'false') return; // SQLite is not queried.
        const existing = { statusCode: [404, 500], timeBlock: [timeBlockOf(SAMPLE_TIME)] };
        const streamsOf = ({ streams }: FilterPlan<KeyBound>) =>
          streams.reduce<StreamValues[]>(
            (all, key) =>
              all.flatMap((fixed) =>
                ('values' in key ? key.values : existing[key.field]).map((value) => [...fixed, value]),
              ),
            [[]],
          );
        const numbers = { numberOf: () => 1 };
        const streams = streamsWithin(plan, streamsOf(plan));
        const merged = mergedPositionsSql(query, plan, streams, numbers);
        const single = streams.slice(0, 1).map((values) => pageSql(query, plan, values, numbers));
        for (const statement of [...merged, ...single]) {
          const { steps, reads } = explained(statement);
          for (const step of reads) expect(step).toContain(usingOf(plan));
          expect(reads.length).toBeGreaterThan(0);
          expect(steps.join()).not.toContain('SCAN names');
          expect(steps.join()).not.toContain('TEMP B-TREE');
        }
        const { scan } = plan;
        if (scan === null) return;
        for (const statement of scannedPositionsSql(query, scan, streamsOf(scan), numbers)) {
          expect(statement.text).toContain(STOP_CHECK.text);
          for (const step of explained(statement).reads) expect(step).toContain(usingOf(scan));
        }
      },
    ),
    { numRuns: 500 },
  );
  db.close();
});
