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

/** Where the main thread and a worker thread keep what they compile, when the file was loaded first. */
async function caches(environment: NodeJS.ProcessEnv): Promise<string[]> {
  const { NODE_COMPILE_CACHE: _, NODE_DISABLE_COMPILE_CACHE: __, ...inherited } = process.env;
  const { stdout } = await promisify(execFile)(process.execPath, ['--import', FILE, '-e', WHERE], {
    env: { ...inherited, ...environment },
  });
  return stdout.trim().split('\n');
}

it('is one for all threads, where the environment says', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'relaylog-cache-'));
  const [main, worker] = await caches({ NODE_COMPILE_CACHE: folder });
  expect(main).toContain(folder);
  expect(worker).toBe(main);
});

it('is one for all threads, where the environment says nothing', async () => {
  const [main, worker] = await caches({ TMPDIR: mkdtempSync(join(tmpdir(), 'relaylog-cache-')) });
  expect(main).toContain('relaylog-cache-');
  expect(worker).toBe(main);
});

it('is none where the environment forbids it', async () => {
  expect(await caches({ NODE_DISABLE_COMPILE_CACHE: '1' })).toEqual(['undefined', 'undefined']);
});
