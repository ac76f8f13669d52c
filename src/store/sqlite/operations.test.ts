import { mkdtempSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { ROLL_UP_LIMITS } from '../roll-ups/declared.ts';
import { Database } from './database.ts';
import { SqliteOperations } from './operations.ts';

it.each<[string, (operations: SqliteOperations) => void]>([
  ['builds roll-ups', (operations) => void operations.rollUpStep(Date.now(), ROLL_UP_LIMITS)],
  ['builds the index of texts', (operations) => void operations.textIndexStep(Date.now())],
])('a step that %s empties a large -wal file', (_, step) => {
  const file = join(mkdtempSync(join(tmpdir(), 'relaylog-')), 'store.db');
  const db = new Database({ file, busyMs: 0, cacheKib: 1024, maxWalBytes: 1024 });
  onTestFinished(() => db.close());
  const operations = new SqliteOperations(db);
  operations.createOrganization({ id: 'acme', plan: 'pro', createdAt: 0 });
  expect(statSync(`${file}-wal`).size).toBeGreaterThan(1024);
  step(operations);
  expect(statSync(`${file}-wal`).size).toBe(0);
});
