import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** The URL of a new SQLite store in a new temporary folder. */
export function temporaryStoreUrl(): string {
  return `sqlite:${join(mkdtempSync(join(tmpdir(), 'relaylog-')), 'store.db')}`;
}
