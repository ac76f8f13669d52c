import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Gives a test run a temporary folder of its own, which is removed at its end with all that tests left there. */
export default function setup(): () => void {
  const folder = mkdtempSync(join(tmpdir(), 'relaylog-test-'));
  // The processes of the tests inherit it.
  process.env.TMPDIR = folder;
  return () => rmSync(folder, { recursive: true, force: true, maxRetries: 10 });
}
