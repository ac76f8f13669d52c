import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { MATCH_ALL } from '../../src/log/filter.ts';
import type { LogQuery } from '../../src/log/query.ts';
import { searchFilter } from '../../src/log/search.ts';
import { Database } from '../../src/store/sqlite/database.ts';
import { SqliteOperations } from '../../src/store/sqlite/operations.ts';
import { MAX_CHUNKS } from '../../src/store/sqlite/text/ranges.ts';
import { matches } from '../store/matches.ts';
import { temporaryStoreUrl } from '../store/temporary.ts';
import { BATCHES, batchOf, LAST_PURGED, LIMITS, ORGANIZATION, WORDS } from './text-logs.ts';
import { trials } from './trials.ts';

const KILLS = trials('RELAYLOG_LONG_KILLS', 200);
/** The longest delay before a kill. */
const MAX_DELAY_MS = 300;
const WRITER = join(import.meta.dirname, 'text-writer.ts');
const QUERY = {
  scope: { organizationId: ORGANIZATION, visibleFrom: null },
  sort: 'createdAt',
  direction: 'desc',
  limit: 10_000_000,
} as const satisfies Omit<LogQuery, 'filter'>;

/** Starts a process that stores, indexes and purges. Resolves when it does, with a function that kills it and returns what it printed. */
async function startWriter(file: string, first: number): Promise<() => Promise<string>> {
  const child = spawn(process.execPath, [WRITER, file, String(first)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let out = '';
  child.stdout.on('data', (chunk) => {
    out += chunk;
  });
  while (!out.includes('stored')) {
    expect(child.exitCode).toBeNull();
    await setTimeout(2);
  }
  return async () => {
    const closed = once(child, 'close');
    child.kill('SIGKILL');
    await closed;
    expect(child.signalCode).toBe('SIGKILL');
    return out;
  };
}

/** The numbers of the signatures that ranges have, and of those of which chunks are stored. */
function signatures(file: string): [unknown[], unknown[]] {
  const db = new DatabaseSync(file, { readOnly: true });
  const numbers = (statement: string) =>
    db
      .prepare(statement)
      .all()
      .map(({ number }) => number);
  const found: [unknown[], unknown[]] = [
    numbers('SELECT signature AS number FROM text_ranges WHERE divisor > 0 ORDER BY number'),
    numbers(`SELECT DISTINCT id / ${MAX_CHUNKS} AS number FROM text_signatures ORDER BY number`),
  ];
  db.close();
  return found;
}

it(`searches find every stored log after each of ${KILLS} kills of two processes that store, index and purge at once`, async () => {
  const file = temporaryStoreUrl().replace('sqlite:', '');
  const operations = new SqliteOperations(new Database({ file, busyMs: 10_000, cacheKib: 1024 }), LIMITS);
  const find = (filter: LogQuery['filter']) => {
    const query = { ...QUERY, filter };
    return operations.logsOf(query, operations.findRows(query));
  };
  const kept = new Set<string>();
  const totals = { kills: 0, acknowledged: 0, indexed: 0, purged: 0, signatures: 0 };
  let first = 0;
  while (totals.kills < KILLS) {
    const writers = await Promise.all([0, 1].map((n) => startWriter(file, first + n * BATCHES)));
    first += 2 * BATCHES;
    for (const [n, kill] of writers.entries()) {
      await setTimeout((totals.kills * 37 + n * 151) % MAX_DELAY_MS);
      const lines = (await kill()).split('\n');
      totals.kills++;
      for (const [, number] of lines.flatMap((line) => [/^stored (\d+)$/.exec(line)!].filter(Boolean))) {
        totals.acknowledged++;
        for (const { requestId, createdAt } of batchOf(Number(number)))
          if (createdAt >= LAST_PURGED) kept.add(requestId);
      }
      for (const name of ['indexed', 'purged'] as const)
        totals[name] += lines.filter((line) => line.startsWith(name)).length;
    }
    const logs = find(MATCH_ALL);
    const ids = new Set(logs.map(({ requestId }) => requestId));
    expect([...kept].filter((id) => !ids.has(id))).toEqual([]);
    for (const text of [...WORDS, 'req_b', '/99', 'nowhere', 'b2000']) {
      const filter = searchFilter(text.toUpperCase());
      const expected = logs.filter((log) => matches(filter, log));
      expect(find(filter).map(({ id }) => id)).toEqual(expected.map(({ id }) => id));
      expect(operations.count(QUERY.scope, filter, null).count).toBe(expected.length);
    }
    const [ofRanges, stored] = signatures(file);
    expect(stored).toEqual(ofRanges);
    totals.signatures = Math.max(totals.signatures, stored.length);
  }
  console.log(totals);
  expect(totals.indexed).toBeGreaterThan(KILLS);
  expect(totals.purged).toBeGreaterThan(KILLS / 10);
  expect(totals.acknowledged).toBeGreaterThan(KILLS);
  expect(totals.signatures).toBeGreaterThan(3);
});
