import { mkdtempSync, statSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { Worker } from 'node:worker_threads';
import { describe, expect, it, onTestFinished } from 'vitest';
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

describe('shrinkLargeWal', () => {
  const MIB = 2 ** 20;
  const open = () => {
    const file = join(mkdtempSync(join(tmpdir(), 'relaylog-')), 'store.db');
    new Database({ file, busyMs: 0, cacheKib: 1024 }).close();
    const link = join(mkdtempSync(join(tmpdir(), 'relaylog-')), 'link.db');
    symlinkSync(file, link);
    const options = { file: link, busyMs: 0, cacheKib: 64, maxWalBytes: MIB };
    const [writer, reader, other] = [new Database(options), new Database(options), new DatabaseSync(file)];
    onTestFinished(() => [writer, reader, other].forEach((db) => void db.close()));
    let n = 0;
    const insert = (bytes: number) =>
      writer.run(raw(`INSERT INTO leases VALUES ('${n++}', hex(zeroblob(${bytes / 2})), 0)`));
    const write = (bytes: number) => writer.transaction(() => insert(bytes));
    const walBytes = () => statSync(`${file}-wal`).size;
    const beginRead = () => {
      other.exec('BEGIN');
      other.prepare('SELECT count(*) FROM leases').get();
    };
    return { writer, reader, insert, write, walBytes, beginRead, endRead: () => other.exec('COMMIT') };
  };

  it('empties the file once it is large, and leaves it alone before', () => {
    const { reader, write, walBytes } = open();
    write(MIB / 2);
    reader.shrinkLargeWal();
    expect(walBytes()).toBeGreaterThan(MIB / 2);
    write(MIB / 2);
    reader.shrinkLargeWal();
    expect(walBytes()).toBe(0);
  });

  it('goes on if another program reads for long, and tries again when the file is twice as large, or was small', () => {
    const { reader, write, walBytes, beginRead, endRead } = open();
    beginRead();
    write(1.5 * MIB);
    const before = walBytes();
    reader.shrinkLargeWal({ withinMs: 20 });
    expect(walBytes()).toBe(before);
    endRead();
    reader.shrinkLargeWal({ withinMs: 20 });
    expect(walBytes()).toBe(before);
    write(1.5 * MIB);
    reader.shrinkLargeWal({ withinMs: 20 });
    expect(walBytes()).toBe(0);
    write(1.5 * MIB);
    reader.shrinkLargeWal({ withinMs: 20 });
    expect(walBytes()).toBe(0);
  });

  it('returns at once if its work is not wanted any more, or the file is large because of a transaction that goes on', () => {
    const { writer, reader, insert, write, walBytes, beginRead } = open();
    beginRead();
    write(1.5 * MIB);
    const start = performance.now();
    reader.shrinkLargeWal({ isStopped: () => performance.now() - start > 20 });
    const other = open();
    other.writer.transaction(() => {
      for (let i = 0; i < 4; i++) other.insert(MIB);
      expect(other.walBytes()).toBeGreaterThan(2 * MIB);
      other.reader.shrinkLargeWal();
    });
    // Each would have waited for 5 seconds.
    expect(performance.now() - start).toBeLessThan(5_000);
    writer.transaction(() => insert(MIB));
    expect(walBytes()).toBeGreaterThan(2.5 * MIB);
  });
});
