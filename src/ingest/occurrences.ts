import { DatabaseSync } from 'node:sqlite';

/** Numbers equal things: 0 for the first of its kind, 1 for the next. */
export interface Occurrences {
  /** @param createdAt Unix milliseconds; equal things have equal times. */
  next(digest: Uint8Array, createdAt: number): number;
}

/** For a batch: in memory. */
export function occurrencesInMemory(): Occurrences {
  const seen = new Map<string, number>();
  return {
    next(digest) {
      const key = Buffer.from(digest).toString('latin1');
      const nth = seen.get(key) ?? 0;
      seen.set(key, nth + 1);
      return nth;
    },
  };
}

/** For a file of any length: in a private temporary file of SQLite's, of which little is held in memory. */
export function occurrencesOnDisk(): Occurrences & { close(): void } {
  const db = new DatabaseSync('');
  db.exec(`
    PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA cache_size = -2048;
    CREATE TABLE seen (created_at INTEGER, digest BLOB, n INTEGER, PRIMARY KEY (created_at, digest)) WITHOUT ROWID;
    BEGIN;
  `);
  // The time comes first in the key: a log file is nearly in order, so that its rows fall close together.
  const count = db.prepare(`
    INSERT INTO seen (created_at, digest, n) VALUES (?, ?, 0) ON CONFLICT DO UPDATE SET n = n + 1 RETURNING n`);
  return {
    next: (digest, createdAt) => Number(count.get(createdAt, digest)!.n),
    close: () => db.close(),
  };
}
