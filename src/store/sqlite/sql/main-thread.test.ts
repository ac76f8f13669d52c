import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync, type StatementSync } from 'node:sqlite';
import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { anyFilter, recorded, SAMPLE_TIME, sampleLog } from '../../../../test/store/samples.ts';
import type { LogField, NumberField } from '../../../log/fields.ts';
import type { FieldValue, Filter } from '../../../log/filter.ts';
import type { LogQuery } from '../../../log/query.ts';
import { DIRECTIONS, positionOf, SORT_FIELDS, type SortField } from '../../../log/sort.ts';
import { PAGE_ROWS } from '../../one-page.ts';
import { isOnePage, SQLITE_PATHS } from '../access-paths.ts';
import { Database } from '../database.ts';
import { SqliteOperations } from '../operations.ts';
import { readPage } from '../read-page.ts';
import { insertRow } from '../schema/insert-row.ts';
import type { Sql } from './sql.ts';
import { addStopCheck } from './stop-check.ts';
import { streamsOf } from './streams.ts';

/** `stat` is missing in @types/node. */
type Measured = StatementSync & { stat(counter: 'vmStep' | 'sort' | 'fullscanStep'): number };

/** The maximum number of virtual machine steps for one row of a page, including its columns. */
const STEPS_A_ROW = 120;
/** The same for a stream: it is looked for, and its first row is read. */
const STEPS_A_STREAM = 120;
const STEPS_TO_START = 400;

const LOGS = Array.from({ length: 4_000 }, (_, i) =>
  sampleLog({
    organizationId: 'acme',
    requestId: `r${i}`,
    createdAt: SAMPLE_TIME + i,
    statusCode: [200, 404, 500][i % 3]!,
    method: ['GET', 'POST'][i % 2]!,
    durationMs: [null, 0, 5, 70][i % 4]!,
    routePattern: ['/a', '/b', null][i % 3]!,
    apiKeyId: ['key_1', null][i % 2]!,
  }),
);
const VALUES: Readonly<Partial<Record<LogField, readonly FieldValue[]>>> = {
  requestId: ['r7', 'r8', 'nowhere'],
  statusCode: [200, 404, 500, 418],
  method: ['GET', 'PUT'],
  routePattern: ['/a', '/b', null],
  apiKeyId: ['key_1', null, 'key_2'],
};

/** Filters that an index decides, which `anyFilter` generates less often. */
const anyIndexed: fc.Arbitrary<Filter> = fc.oneof(
  fc
    .constantFrom(...(Object.keys(VALUES) as LogField[]))
    .chain((field) =>
      fc
        .subarray([...VALUES[field]!], { minLength: 1 })
        .map((values): Filter => ({ op: 'in', field, values })),
    ),
  fc.record({
    op: fc.constantFrom('gt', 'gte', 'lt', 'lte'),
    field: fc.constantFrom<NumberField>('statusCode', 'durationMs'),
    value: fc.constantFrom(0, 5, 200, 400, 404, 500),
  }),
  fc.record({
    op: fc.constantFrom('gt', 'gte', 'lt', 'lte'),
    field: fc.constant<NumberField>('createdAt'),
    value: fc.integer({ min: SAMPLE_TIME, max: SAMPLE_TIME + LOGS.length }),
  }),
);
const anyIndexedQuery = fc
  .record({
    filter: fc.oneof(
      { weight: 4, arbitrary: fc.array(anyIndexed, { maxLength: 3 }).map(all) },
      { weight: 1, arbitrary: anyFilter },
    ),
    sort: fc.constantFrom<SortField>(...SORT_FIELDS),
    direction: fc.constantFrom(...DIRECTIONS),
    limit: fc.integer({ min: 1, max: 20 }),
    after: fc.option(fc.constantFrom(...LOGS), { nil: undefined }),
    before: fc.option(fc.constantFrom(...LOGS), { nil: undefined }),
  })
  .map(
    ({ after, before, ...query }): LogQuery => ({
      scope: { organizationId: 'acme', visibleFrom: null },
      ...query,
      after: after && positionOf(after, query.sort),
      before: before && positionOf(before, query.sort),
    }),
  );

function all(filters: readonly Filter[]): Filter {
  return { op: 'and', filters };
}

it('a query in the calling thread reads its rows in order, and one more row of each stream', () => {
  const file = join(mkdtempSync(join(tmpdir(), 'relaylog-')), 'store.db');
  const operations = filled(new Database({ file, busyMs: 0, cacheKib: 4096 }));
  const db = new DatabaseSync(file);
  addStopCheck(db, () => false, { rowsLeft: Number.POSITIVE_INFINITY });
  const work = { steps: 0, sorts: 0, scans: 0 };
  const measured = {
    snapshot: <T>(read: () => T) => read(),
    rows({ text, values }: Sql) {
      const statement = db.prepare(text) as Measured;
      statement.setReturnArrays(true);
      const rows = statement.all(...values);
      work.steps += statement.stat('vmStep');
      work.sorts += statement.stat('sort');
      work.scans += statement.stat('fullscanStep');
      return rows;
    },
  } as unknown as Database;
  let pages = 0;
  fc.assert(
    fc.property(anyIndexedQuery, (query) => {
      const plan = SQLITE_PATHS.planPage(query);
      if (!isOnePage(query, plan) || plan.residual.op === 'false') return;
      pages++;
      expect(plan.isOrdered).toBe(true);
      const streams = streamsOf({ db: measured, names: operations.names }, plan, query.scope).length;
      expect(streams + query.limit).toBeLessThanOrEqual(PAGE_ROWS);
      Object.assign(work, { steps: 0, sorts: 0, scans: 0 });
      readPage({ db: measured, names: operations.names }, query, plan);
      expect(work.sorts).toBe(0);
      // The ids of a merged page are a table of JSON.
      expect(work.scans).toBeLessThanOrEqual(query.limit);
      expect(work.steps).toBeLessThanOrEqual(
        STEPS_TO_START + streams * STEPS_A_STREAM + query.limit * STEPS_A_ROW,
      );
    }),
    { numRuns: 2_000 },
  );
  expect(pages).toBeGreaterThan(200);
  db.close();
});

function filled(db: Database): SqliteOperations {
  const operations = new SqliteOperations(db);
  operations.insertAll([{ rows: LOGS.map((log) => insertRow(recorded(log))), ofOrganization: null }]);
  return operations;
}
