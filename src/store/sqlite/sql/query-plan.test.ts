import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync, type StatementSync } from 'node:sqlite';
import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { manyLogs } from '../../../../test/store/many-logs.ts';
import { FILTERS } from '../../../../test/store/questions.ts';
import { anyFilter, recorded, SAMPLE_TIME } from '../../../../test/store/samples.ts';
import { logId } from '../../../log/log-id.ts';
import { DIRECTIONS, SORT_FIELDS } from '../../../log/sort.ts';
import { planPage } from '../../access-path.ts';
import { isOnePage } from '../../one-page.ts';
import { Database } from '../database.ts';
import { SqliteOperations } from '../operations.ts';
import { indexName } from '../schema/index-name.ts';
import { insertRow } from '../schema/insert-row.ts';
import { pageSql } from './page-sql.ts';
import { addStopCheck, STOP_CHECK } from './stop-check.ts';

it('SQLite takes the chosen index for any question, and sorts no more than the pages of its streams', () => {
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
        if (plan.residual.op === 'false') return; // Nothing is asked of SQLite.
        const values =
          plan.streams === null ? null : 'values' in plan.streams ? plan.streams.values : [404, 500];
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
        if (oneStream && plan.index.name !== 'requestId') expect(steps.join()).not.toContain('TEMP B-TREE');
      },
    ),
    { numRuns: 500 },
  );
  db.close();
});

it('what is done in the main thread reads no more than its page: no scan, no sort of more', () => {
  const file = join(mkdtempSync(join(tmpdir(), 'relaylog-')), 'store.db');
  const database = new Database({ file, busyMs: 0, cacheKib: 1024 });
  const operations = new SqliteOperations(database);
  operations.insertAll([
    manyLogs()
      .slice(0, 3_000)
      .map((log) => insertRow(recorded(log))),
  ]);
  const db = new DatabaseSync(file);
  addStopCheck(db, () => {
    throw new Error('a page is no search');
  });
  let pages = 0;
  fc.assert(
    fc.property(
      fc.oneof(anyFilter, fc.constantFrom(...Object.values(FILTERS))),
      fc.constantFrom(...SORT_FIELDS),
      fc.constantFrom(...DIRECTIONS),
      fc.integer({ min: 1, max: 20 }),
      (filter, sort, direction, limit) => {
        const scope = { organizationId: 'acme', visibleFrom: null };
        const query = { scope, filter, sort, direction, limit };
        const plan = planPage(query);
        if (plan.residual.op === 'false' || !isOnePage(query, plan)) return;
        const values =
          plan.streams === null ? null : 'values' in plan.streams ? plan.streams.values : [200, 404, 500];
        const { text, values: bound } = pageSql(query, plan, values, operations.names);
        // Node's own types do not know `stat` yet.
        const statement = db.prepare(text) as StatementSync & { stat(counter: string): number };
        const rows = statement.all(...bound);
        pages += rows.length > 0 ? 1 : 0;
        expect(statement.stat('fullscanStep')).toBe(0);
        // Some 60 steps of SQLite's machine read one row of 24 columns.
        const streams = values?.length ?? 1;
        expect(statement.stat('vmStep')).toBeLessThan(300 + streams * (200 + limit * 120));
      },
    ),
    { numRuns: 300 },
  );
  expect(pages).toBeGreaterThan(50);
  db.close();
  database.close();
});
