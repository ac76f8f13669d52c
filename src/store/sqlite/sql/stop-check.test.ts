import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { recorded, sampleLog } from '../../../../test/store/samples.ts';
import { type Filter, MATCH_ALL } from '../../../log/filter.ts';
import type { SortField } from '../../../log/sort.ts';
import { Database } from '../database.ts';
import { SqliteOperations } from '../operations.ts';
import { insertRow } from '../schema/insert-row.ts';

const NOWHERE: Filter = { op: 'contains', field: 'path', value: 'nowhere' };
const FAILED: Filter = { op: 'gte', field: 'statusCode', value: 400 };

it('stops queries that may read more rows than a page, and no others', () => {
  const file = join(mkdtempSync(join(tmpdir(), 'relaylog-')), 'store.db');
  let stopped = false;
  const db = new Database({ file, busyMs: 0, cacheKib: 1024 }, () => stopped);
  const operations = new SqliteOperations(db);
  const organizationId = 'acme';
  const rows = [200, 404, 500].map((statusCode) =>
    insertRow(recorded(sampleLog({ organizationId, requestId: `r${statusCode}`, statusCode }))),
  );
  operations.insertAll([{ rows, ofOrganization: null }]);
  const scope = { organizationId, visibleFrom: null };
  const find = (filter: Filter, sort: SortField) => () =>
    operations.findRows({ scope, filter, sort, direction: 'asc', limit: 10 });
  const count = (filter: Filter, limit: number | null) => () => operations.count(scope, filter, limit);
  const and = (...filters: Filter[]): Filter => ({ op: 'and', filters });
  const unbounded = [
    find(NOWHERE, 'createdAt'),
    find(NOWHERE, 'durationMs'),
    find(and(FAILED, NOWHERE), 'createdAt'),
    find(and(FAILED, { op: 'gte', field: 'createdAt', value: 0 }), 'durationMs'),
    count(NOWHERE, 10_000),
    count(MATCH_ALL, null),
    count(FAILED, null),
  ];
  const bounded = [find(MATCH_ALL, 'createdAt'), find(FAILED, 'statusCode'), count(MATCH_ALL, 10_000)];
  for (const read of [...unbounded, ...bounded]) expect(read).not.toThrow();
  stopped = true;
  for (const read of unbounded) expect(read).toThrow('The search was stopped.');
  for (const read of bounded) expect(read).not.toThrow();
  stopped = false;
  for (const read of unbounded) expect(read).not.toThrow();
  db.close();
});
