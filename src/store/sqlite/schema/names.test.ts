import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { expect, it } from 'vitest';
import { recorded, SAMPLE_TIME, sampleLog } from '../../../../test/store/samples.ts';
import { MATCH_ALL } from '../../../log/filter.ts';
import type { RequestLog } from '../../../log/request-log.ts';
import { Database } from '../database.ts';
import { SqliteOperations } from '../operations.ts';
import { type InsertRow, insertRow } from './insert-row.ts';

const newFile = () => join(mkdtempSync(join(tmpdir(), 'relaylog-')), 'store.db');
const operationsOn = (file: string) =>
  new SqliteOperations(new Database({ file, busyMs: 0, cacheKib: 1024 }));
const routed = (i: number, routePattern: string, more: Partial<RequestLog> = {}) =>
  insertRow(recorded(sampleLog({ requestId: `r${i}`, createdAt: SAMPLE_TIME + i, routePattern, ...more })));
const batch = (...rows: InsertRow[]) => ({ rows, ofOrganization: null });
const query = {
  scope: { organizationId: 'acme', visibleFrom: null },
  filter: MATCH_ALL,
  sort: 'createdAt',
  direction: 'asc',
  limit: 10_000,
} as const;
const routesIn = (operations: SqliteOperations) =>
  operations.logsOf(query, operations.findRows(query)).map((log) => log.routePattern);

it('a name has no number after the transaction that inserted it failed', () => {
  const operations = operationsOn(newFile());
  const broken = routed(2, '/b', { method: null as unknown as string });
  expect(() => operations.insertAll([batch(routed(1, '/a'), broken)])).toThrow(
    'the database file was changed by a newer version of Relaylog',
  );
  operations.insertAll([batch(routed(3, '/c'), routed(4, '/a'))]);
  expect(routesIn(operations)).toEqual(['/c', '/a']);
});

it('distinguishes names beyond the size of its cache, long names, and names inserted by another connection', () => {
  const file = newFile();
  const [one, other] = [operationsOn(file), operationsOn(file)];
  const routes = Array.from({ length: 5_000 }, (_, i) => `/v1/${i}${i % 100 === 0 ? 'x'.repeat(8_000) : ''}`);
  for (let i = 0; i < routes.length; i += 1_000) {
    const rows = routes.slice(i, i + 1_000).map((route, j) => routed(i + j, route));
    (i % 2_000 === 0 ? one : other).insertAll([batch(...rows)]);
    for (const operations of [one, other]) {
      expect(routesIn(operations)).toEqual(routes.slice(0, i + 1_000));
    }
  }
  for (const { names } of [one, other]) {
    expect(names.size).toBeLessThanOrEqual(4_096);
    expect(names.evictions).toBeGreaterThan(0);
  }
});

it('reports a damaged database if a number has no name', () => {
  const file = newFile();
  operationsOn(file).insertAll([batch(routed(1, '/a'))]);
  new DatabaseSync(file).exec(`DELETE FROM names WHERE name = '/a'`);
  expect(() => routesIn(operationsOn(file))).toThrow('the database file is damaged');
});
