import { execFile } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';

const FILE = new URL('./compile-cache.js', import.meta.url).href;
const WHERE = `
  const { getCompileCacheDir } = require('node:module');
  const { Worker } = require('node:worker_threads');
  console.log(getCompileCacheDir());
  new Worker("console.log(require('node:module').getCompileCacheDir())", { eval: true, execArgv: [] });
`;

/** The cache directories of the main thread and of a worker thread after the module was loaded. */
async function caches(environment: NodeJS.ProcessEnv): Promise<string[]> {
  const { NODE_COMPILE_CACHE: _, NODE_DISABLE_COMPILE_CACHE: __, ...inherited } = process.env;
  const { stdout } = await promisify(execFile)(process.execPath, ['--import', FILE, '-e', WHERE], {
    env: { ...inherited, ...environment },
  });
  return stdout.trim().split('\n');
}

it('is shared by all threads in the directory that the environment sets', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'relaylog-cache-'));
  const [main, worker] = await caches({ NODE_COMPILE_CACHE: folder });
  expect(main).toContain(folder);
  expect(worker).toBe(main);
});

it('is shared by all threads in a temporary directory by default', async () => {
  const [main, worker] = await caches({ TMPDIR: mkdtempSync(join(tmpdir(), 'relaylog-cache-')) });
  expect(main).toContain('relaylog-cache-');
  expect(worker).toBe(main);
});

it('is off if the environment disables it', async () => {
  expect(await caches({ NODE_DISABLE_COMPILE_CACHE: '1' })).toEqual(['undefined', 'undefined']);
});
