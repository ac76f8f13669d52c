import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { anyFilter, SAMPLE_TIME } from '../../../../test/store/samples.ts';
import { logId } from '../../../log/log-id.ts';
import { DIRECTIONS, SORT_FIELDS } from '../../../log/sort.ts';
import { planPage, valuesWithin } from '../../access-path.ts';
import { Database } from '../database.ts';
import { indexName } from '../schema/index-name.ts';
import { pageSql } from './page-sql.ts';
import { addStopCheck, STOP_CHECK } from './stop-check.ts';

it('SQLite uses the chosen index for any query, and sorts only when it merges streams', () => {
  const file = join(mkdtempSync(join(tmpdir(), 'relaylog-')), 'store.db');
  new Database({ file, busyMs: 0, cacheKib: 1024 }).close();
  const db = new DatabaseSync(file);
  addStopCheck(db, () => false);
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
        const plan = planPage(query);
        const unordered = pageSql(query, { ...plan, isOrdered: false }, null, { numberOf: () => 1 });
        expect(unordered.text).toContain(STOP_CHECK.text);
        if (plan.residual.op === 'false') return; // SQLite is not queried.
        const { streams } = plan;
        const existing = streams === null ? null : 'values' in streams ? streams.values : [404, 500];
        const values = valuesWithin(plan, existing);
        if (values?.length === 0) return;
        const { text, values: bound } = pageSql(query, plan, values, { numberOf: () => 1 });
        const steps = db
          .prepare(`EXPLAIN QUERY PLAN ${text}`)
          .all(...bound)
          .map((row) => String(row.detail));
        const reads = steps.filter((step) => /^(SEARCH|SCAN) request_logs/.test(step));
        const using = indexName(plan.index).startsWith('sqlite_autoindex')
          ? 'USING PRIMARY KEY'
          : `USING INDEX ${indexName(plan.index)}`;
        for (const step of reads) expect(step).toContain(using);
        expect(reads.length).toBeGreaterThan(0);
        expect(steps.join()).not.toContain('SCAN names');
        const oneStream = values === null || values.length === 1;
        if (oneStream) expect(steps.join()).not.toContain('TEMP B-TREE');
      },
    ),
    { numRuns: 500 },
  );
  db.close();
});
