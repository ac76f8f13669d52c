import { mkdtempSync, statSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { describe, expect, it, onTestFinished } from 'vitest';
import { Database } from './database.ts';
import { raw } from './sql/sql.ts';

describe('shrinkIfLarge', () => {
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
    reader.wal.shrinkIfLarge();
    expect(walBytes()).toBeGreaterThan(MIB / 2);
    write(MIB / 2);
    reader.wal.shrinkIfLarge();
    expect(walBytes()).toBe(0);
  });

  it('goes on if another program reads for long, and tries again when the file is twice as large, or was small', () => {
    const { reader, write, walBytes, beginRead, endRead } = open();
    beginRead();
    write(1.5 * MIB);
    const before = walBytes();
    reader.wal.shrinkIfLarge({ withinMs: 20 });
    expect(walBytes()).toBe(before);
    endRead();
    reader.wal.shrinkIfLarge({ withinMs: 20 });
    expect(walBytes()).toBe(before);
    write(1.5 * MIB);
    reader.wal.shrinkIfLarge({ withinMs: 20 });
    expect(walBytes()).toBe(0);
    write(1.5 * MIB);
    reader.wal.shrinkIfLarge({ withinMs: 20 });
    expect(walBytes()).toBe(0);
  });

  it('returns at once if its work is not wanted any more, or the file is large because of a transaction that goes on', () => {
    const { writer, reader, insert, write, walBytes, beginRead } = open();
    beginRead();
    write(1.5 * MIB);
    const start = performance.now();
    reader.wal.shrinkIfLarge({ isStopped: () => performance.now() - start > 20 });
    const other = open();
    other.writer.transaction(() => {
      for (let i = 0; i < 4; i++) other.insert(MIB);
      expect(other.walBytes()).toBeGreaterThan(2 * MIB);
      other.reader.wal.shrinkIfLarge();
    });
    // Each would have waited for 5 seconds.
    expect(performance.now() - start).toBeLessThan(5_000);
    writer.transaction(() => insert(MIB));
    expect(walBytes()).toBeGreaterThan(2.5 * MIB);
  });
});
