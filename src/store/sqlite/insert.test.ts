import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished, vi } from 'vitest';
import { recorded, SAMPLE_TIME, sampleLog } from '../../../test/store/samples.ts';
import { CommitEstimate } from './commit-estimate.ts';
import { Database } from './database.ts';
import { insertAll } from './insert.ts';
import { packRows } from './schema/insert-batch.ts';
import { insertRow } from './schema/insert-row.ts';
import { Names } from './schema/names.ts';
import { TEXT_LIMITS } from './text/limits.ts';

const ROWS = 10_000;
const ROWS_TO_INSERT = Array.from({ length: ROWS }, (_, i) =>
  insertRow(recorded(sampleLog({ requestId: `r${i}`, createdAt: SAMPLE_TIME + i }))),
);

it.each([
  // Each look at the clock takes a millisecond here, so the inserts of all rows take fewer than 300.
  ['all rows, if the commit was quick so far', 50, true, ROWS],
  ['the first rows, if the commit is going to be slow', 10_000, true, 4_000],
  ['all rows, if nothing waits', 10_000, false, ROWS],
])('a transaction stores %s', (_, commitMs, interrupt, expected) => {
  const file = join(mkdtempSync(join(tmpdir(), 'relaylog-')), 'store.db');
  const db = new Database({ file, busyMs: 0, cacheKib: 1024 });
  const commits = new CommitEstimate();
  commits.add(100, commitMs);
  let now = 0;
  const clock = vi.spyOn(performance, 'now').mockImplementation(() => now++);
  onTestFinished(() => clock.mockRestore());
  const target = { db, commits, names: new Names(db), textLimits: TEXT_LIMITS, hasOrganization: () => true };
  const interruption = new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT));
  interruption[0] = Number(interrupt);
  const rows = packRows(ROWS_TO_INSERT);
  const results = insertAll(target, [{ rows, ofOrganization: null }], interruption);
  expect(results).toEqual([{ stored: expected, duplicates: 0 }]);
  expect(rows.pieces.every(({ length }) => length === 0)).toBe(true);
});
