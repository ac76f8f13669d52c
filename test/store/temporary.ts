import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** URL of an embedded store that nobody has: a new file in a folder of its own. */
export function temporaryStoreUrl(): string {
  return `sqlite:${join(mkdtempSync(join(tmpdir(), 'relaylog-')), 'store.db')}`;
}
