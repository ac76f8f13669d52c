import { execFile } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { promisify } from 'node:util';
import { afterAll, expect, it } from 'vitest';
import { SqliteBuckets } from './buckets.ts';

const folder = mkdtempSync(join(tmpdir(), 'relaylog-'));
afterAll(() => rmSync(folder, { recursive: true }));

const REQUEST = { capacity: 500, fillMs: 1_000, cost: 1, now: 0, isWithinShare: true, isStarving: false };

it('concurrent processes together consume no more than one bucket holds', async () => {
  const file = join(folder, 'shared.db');
  const module = JSON.stringify(new URL('./buckets.ts', import.meta.url).href);
  const script = `const { SqliteBuckets } = await import(${module});
    const buckets = new SqliteBuckets(${JSON.stringify(file)});
    let granted = 0;
    for (let left = 400; left > 0; ) {
      try {
        if (buckets.consume('a', ${JSON.stringify(REQUEST)}).granted) granted++;
        left--;
      } catch (error) {
        if (error.code !== 'UNAVAILABLE') throw error;
      }
    }
    console.log(granted);`;
  const run = () => promisify(execFile)(process.execPath, ['--input-type=module', '-e', script]);
  const answers = await Promise.all([run(), run(), run()]);
  const granted = answers.map(({ stdout }) => Number(stdout));
  expect(granted.reduce((a, b) => a + b)).toBe(500);
});

it('creates its file at the first request, and deletes idle buckets', () => {
  const file = join(folder, 'own.db');
  const buckets = new SqliteBuckets(file);
  expect(existsSync(`${file}-limits`)).toBe(false);
  for (let i = 0; i < 100; i++) buckets.consume(`old${i}`, REQUEST);
  buckets.consume('new', { ...REQUEST, now: 60_000 });
  const db = new DatabaseSync(`${file}-limits`, { readOnly: true });
  expect(db.prepare('SELECT name FROM buckets').all()).toEqual([{ name: 'new' }]);
  db.close();
  buckets.close();
});
