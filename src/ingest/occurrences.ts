import { DatabaseSync } from 'node:sqlite';

/** Numbers the occurrences of equal logs: 0 for the first, 1 for the second and so on. */
export interface Occurrences {
  /** @param createdAt Unix milliseconds; part of the key, so equal logs must have equal times. */
  next(digest: Uint8Array, createdAt: number): number;
}

/** Counts in memory; for a batch. */
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

/** Counts in a private temporary SQLite database; for a file of any length. Uses at most 2 MiB of memory for its cache. */
export function occurrencesOnDisk(): Occurrences & { close(): void } {
  const db = new DatabaseSync('');
  db.exec(`
    PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA cache_size = -2048;
    CREATE TABLE seen (created_at INTEGER, digest BLOB, n INTEGER, PRIMARY KEY (created_at, digest)) WITHOUT ROWID;
    BEGIN;
  `);
  // The key begins with the time: log files are almost sorted by time, so consecutive lines touch the same pages.
  const count = db.prepare(`
    INSERT INTO seen (created_at, digest, n) VALUES (?, ?, 0) ON CONFLICT DO UPDATE SET n = n + 1 RETURNING n`);
  return {
    next: (digest, createdAt) => Number(count.get(createdAt, digest)!.n),
    close: () => db.close(),
  };
}
