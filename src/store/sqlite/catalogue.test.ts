import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync, type StatementSync } from 'node:sqlite';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { catalogue } from '../../../test/store/catalogue.ts';
import { manyLogs } from '../../../test/store/many-logs.ts';
import { expectedCount, expectedPage } from '../../../test/store/oracle.ts';
import { recorded } from '../../../test/store/samples.ts';
import type { Filter } from '../../log/filter.ts';
import type { LogQuery } from '../../log/query.ts';
import { positionOf } from '../../log/sort.ts';
import { SQLITE_PATHS } from './access-paths.ts';
import { Database } from './database.ts';
import { SqliteOperations } from './operations.ts';
import { readPage } from './read-page.ts';
import { insertRow } from './schema/insert-row.ts';
import type { Sql } from './sql/sql.ts';
import { addStopCheck, type RowBudget } from './sql/stop-check.ts';
import { streamsOf } from './sql/streams.ts';

/** `stat` is missing in @types/node. */
type Measured = StatementSync & { stat(counter: 'vmStep' | 'sort' | 'fullscanStep'): number };

/** Virtual machine steps for an index entry or a row of the page, with its columns. */
const STEPS = 120;
/** Rows that a page of the core reads for each of its own, and for each stream. */
const READ_A_ROW = 3;
const READ_A_STREAM = 2;

const logs = manyLogs().filter(({ organizationId }, i) => organizationId === 'acme' && i % 4 === 0);
const end = Math.max(...logs.map(({ createdAt }) => createdAt)) + 1;
const one = logs.find(({ routePattern, apiKeyId }) => routePattern !== null && apiKeyId !== null)!;
const questions = catalogue('acme', end, {
  method: one.method,
  routePattern: one.routePattern!,
  apiKeyId: one.apiKeyId!,
  consumerId: 'consumer',
  service: 'service',
});

let database: Database;
let operations: SqliteOperations;
let db: DatabaseSync;
const work = { steps: 0, sorts: 0 };
const budget: RowBudget = { rowsLeft: Number.POSITIVE_INFINITY };
const measured = {
  snapshot: <T>(read: () => T) => read(),
  withinRows: <T>(_rows: number, read: () => T) => read(),
  rows({ text, values }: Sql) {
    const statement = db.prepare(text) as Measured;
    statement.setReturnArrays(true);
    const rows = statement.all(...values);
    work.steps += statement.stat('vmStep');
    work.sorts += statement.stat('sort');
    return rows;
  },
} as unknown as Database;

beforeAll(() => {
  const file = join(mkdtempSync(join(tmpdir(), 'relaylog-')), 'store.db');
  database = new Database({ file, busyMs: 0, cacheKib: 65_536 });
  operations = new SqliteOperations(database);
  for (let i = 0; i < logs.length; i += 5_000) {
    const rows = logs.slice(i, i + 5_000).map((log) => insertRow(recorded(log)));
    operations.insertAll([{ rows, ofOrganization: null }]);
  }
  db = new DatabaseSync(file);
  addStopCheck(db, () => false, budget);
});
afterAll(() => {
  db.close();
  database.close();
});

/** The rows of the index range that a plan scans. */
function scannedRows(query: LogQuery, indexed: readonly string[]): number {
  const parts: readonly Filter[] = query.filter.op === 'and' ? flat(query.filter) : [query.filter];
  const decided = parts.filter((part) => 'field' in part && [...indexed, 'createdAt'].includes(part.field));
  return expectedCount(logs, query.scope, { op: 'and', filters: decided });
}

function flat(filter: Filter): readonly Filter[] {
  return filter.op === 'and' ? filter.filters.flatMap(flat) : [filter];
}

it.each(questions.filter(({ isCore }) => isCore))(
  '$filterName, $windowName, by $sort $query.direction: reads the rows of the page, or its window',
  ({ query }) => {
    const first = expectedPage(logs, query);
    const last = first.at(-1);
    // The first page, and the one after it.
    for (const page of last === undefined
      ? [query]
      : [query, { ...query, after: positionOf(last, query.sort) }]) {
      const plan = SQLITE_PATHS.planPage(page);
      const source = { db: measured, names: operations.names };
      const streams = streamsOf(source, plan, page.scope).length;
      Object.assign(work, { steps: 0, sorts: 0 });
      const rows = readPage(source, page, plan);
      expect(rows.map(([id]) => id)).toEqual(
        expectedPage(logs, page).map(({ id }) => id.replaceAll('-', '')),
      );
      const { scan } = plan;
      const window = scan === null ? 0 : scannedRows(page, scan.index.keys);
      const read = READ_A_ROW * page.limit + READ_A_STREAM * (streams + (scan === null ? 0 : 100));
      expect(work.steps).toBeLessThanOrEqual(STEPS * (read + window));
      if (scan === null) expect(work.sorts).toBe(0);
    }
  },
);

it.each(questions.filter(({ isCore }) => !isCore))(
  '$filterName, $windowName, by $sort $query.direction: the same page as the oracle',
  ({ query }) => {
    expect(operations.findRows(query).map(([id]) => id)).toEqual(
      expectedPage(logs, query).map(({ id }) => id.replaceAll('-', '')),
    );
  },
);
