import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { expect, it } from 'vitest';
import { Database } from './database.ts';
import { collectRows } from './sql/collect-rows.ts';
import { raw, sql } from './sql/sql.ts';
import { STOP_CHECK } from './sql/stop-check.ts';

/** Writes continuously, as ingest does: the lock is free for only 2 ms after each transaction of 300 ms. */
const GREEDY = `
  const { workerData, parentPort } = require('node:worker_threads');
  const { DatabaseSync } = require('node:sqlite');
  const db = new DatabaseSync(workerData, { timeout: 1000 });
  const sleep = (ms) => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);
  for (;;) {
    db.exec('BEGIN IMMEDIATE');
    parentPort.postMessage('locked');
    sleep(300);
    db.exec('COMMIT');
    sleep(2);
  }`;

it('writes between the transactions of another connection that writes continuously', async () => {
  const file = join(mkdtempSync(join(tmpdir(), 'relaylog-')), 'store.db');
  const db = new Database({ file, busyMs: 2_000, cacheKib: 1024 });
  const greedy = new Worker(GREEDY, { eval: true, workerData: file });
  await new Promise((locked) => greedy.once('message', locked));
  for (let i = 0; i < 3; i++) {
    const changed = db.transaction(() =>
      db.run(raw(`INSERT INTO leases VALUES ('x', 'y', ${i}) ON CONFLICT (name) DO UPDATE SET until = ${i}`)),
    );
    expect(changed).toBe(1);
  }
  await greedy.terminate();
  db.close();
});

it('fails if a search is stopped, or a row is not taken, while rows are collected', () => {
  const file = join(mkdtempSync(join(tmpdir(), 'relaylog-')), 'store.db');
  let checks = 0;
  const db = new Database({ file, busyMs: 2_000, cacheKib: 1024 }, () => ++checks === 3);
  const values: unknown[] = [];
  const statement = sql`SELECT ${collectRows(raw('value'))} FROM json_each('[1, 2, 3, 4]') WHERE ${STOP_CHECK}`;
  const search = () => db.collect(statement, ([value]) => values.push(value));
  expect(search).toThrow('The search was stopped.');
  expect(values).toEqual([1, 2]);
  search();
  expect(values).toEqual([1, 2, 1, 2, 3, 4]);
  const fail = () => {
    throw new Error('There are too many.');
  };
  expect(() => db.collect(statement, fail)).toThrow('There are too many.');
  db.close();
});
