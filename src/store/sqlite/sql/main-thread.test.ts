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
import { type PagePlan, planPage } from '../../access-path.ts';
import { isOnePage, PAGE_ROWS } from '../../one-page.ts';
import { Database } from '../database.ts';
import { SqliteOperations } from '../operations.ts';
import { insertRow } from '../schema/insert-row.ts';
import { pageSql, statusCodesSql } from './page-sql.ts';
import type { Sql } from './sql.ts';
import { addStopCheck } from './stop-check.ts';

/** `stat` is missing in @types/node. */
type Measured = StatementSync & { stat(counter: 'vmStep' | 'sort'): number };

/** The maximum number of virtual machine steps for one row of a page, including its columns and its sort. */
const STEPS_A_ROW = 120;
const STEPS_TO_START = 200;

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

it('a query without a time limit reads its rows in order, and no more than one page', () => {
  const file = join(mkdtempSync(join(tmpdir(), 'relaylog-')), 'store.db');
  const store = new Database({ file, busyMs: 0, cacheKib: 4096 });
  const { names } = filled(store);
  const db = new DatabaseSync(file);
  addStopCheck(db, () => false);
  const read = ({ text, values }: Sql) => {
    const statement = db.prepare(text) as Measured;
    const rows = statement.all(...values);
    return { rows, steps: statement.stat('vmStep'), sorts: statement.stat('sort') };
  };
  const valuesOf = ({ streams }: PagePlan) => {
    if (streams === null || 'values' in streams) return streams?.values ?? null;
    const codes = read(statusCodesSql(names.numberOf('acme'), streams.from, streams.to));
    return codes.rows.map(({ code }) => Number(code));
  };
  let pages = 0;
  fc.assert(
    fc.property(anyIndexedQuery, (query) => {
      const plan = planPage(query);
      if (!isOnePage(query, plan) || plan.residual.op === 'false') return;
      pages++;
      expect(plan.isOrdered).toBe(true);
      const values = valuesOf(plan);
      const streams = values?.length ?? 1;
      expect(streams * query.limit).toBeLessThanOrEqual(PAGE_ROWS);
      for (const value of values ?? [null]) {
        const stream = pageSql(query, plan, values && [value], names);
        expect(read(stream).sorts).toBe(0);
      }
      // Merging several streams reads at most one page of each.
      const { steps } = read(pageSql(query, plan, values, names));
      expect(steps).toBeLessThanOrEqual(STEPS_TO_START + streams * query.limit * STEPS_A_ROW);
    }),
    { numRuns: 2_000 },
  );
  expect(pages).toBeGreaterThan(200);
  db.close();
  store.close();
});

function filled(db: Database): SqliteOperations {
  const operations = new SqliteOperations(db);
  operations.insertAll([{ rows: LOGS.map((log) => insertRow(recorded(log))), ofOrganization: null }]);
  return operations;
}
