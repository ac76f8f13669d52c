import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';

declare module 'vitest' {
  interface ProvidedContext {
    /** The packed package. */
    tarball: string;
    /** A folder for installations, which is removed at the end. */
    folder: string;
  }
}

/** Packs the package once, as `npm publish` would, before the tests. */
export default function setup(project: TestProject): () => void {
  const folder = mkdtempSync(join(tmpdir(), 'relaylog-package-'));
  const packed = execFileSync('npm', ['pack', '--json', '--pack-destination', folder], { encoding: 'utf8' });
  // The output of the build precedes the JSON.
  const [{ filename }] = JSON.parse(packed.slice(packed.lastIndexOf('\n[\n') + 1));
  project.provide('tarball', join(folder, filename));
  project.provide('folder', folder);
  return () => rmSync(folder, { recursive: true });
}
