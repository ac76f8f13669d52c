import { createWriteStream, mkdirSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { finished } from 'node:stream/promises';
import { parseArgs } from 'node:util';
import { DAY_MS } from '../src/lib/time-units.ts';
import type { LogQuery } from '../src/log/query.ts';
import { searchFilter } from '../src/log/search.ts';
import { SqliteStore } from '../src/store/sqlite/store.ts';
import { type Chdb, startChdb } from './stats/peer.ts';
import { ORGANIZATION, PATHS, type PathKind, textLogs } from './text-search/logs.ts';

/*
 * Searches for texts in logs on SQLite, with paths that repeat and with paths of which nearly all are distinct: what the text index
 * costs in time and on disk, then the newest 50 logs whose path or request id contains a text, beside a scan of the same table by
 * plain SQL, and beside chdb, which is ClickHouse, with its own index of n-grams of four. All find the same number of logs.
 *
 *   node bench/text-search.ts [--logs 1000000] [--rounds 7] [--chdb]
 */
const { values } = parseArgs({
  options: {
    logs: { type: 'string', default: '1000000' },
    rounds: { type: 'string', default: '7' },
    chdb: { type: 'boolean', default: false },
  },
});
const logs = Number(values.logs);
const rounds = Number(values.rounds);
const BATCH = 20_000;
const PAGE = 50;
const folder = mkdtempSync(join(tmpdir(), 'relaylog-bench-'));
process.on('exit', () => rmSync(folder, { recursive: true, force: true }));

const QUESTIONS: Readonly<Record<string, string>> = {
  'no match': 'nothing-like-this',
  'no match, 3 characters': 'zzq',
  'no match, in another field of all logs': 'api.example',
  'no match, id': '9c3f01d7-52aa',
  'one match': 'NEEDLE-in',
  'request id, 8 of 36 characters': 'last 8 of one',
  'rare: 5 hexadecimal digits': '3fa9c',
  'many matches': 'things-3/',
};

const middle = (all: readonly number[]) => all.toSorted((a, b) => a - b)[Math.floor(all.length / 2)]!;

async function taken(work: () => Promise<unknown>): Promise<{ ms: number; cpuMs: number }> {
  const cpu = process.cpuUsage();
  const start = performance.now();
  await work();
  const ms = performance.now() - start;
  const { user, system } = process.cpuUsage(cpu);
  return { ms, cpuMs: (user + system) / 1_000 };
}

async function loaded(file: string, kind: PathKind): Promise<void> {
  const store = new SqliteStore({ file, ingest: true });
  const sizeOf = async () => {
    await store.cleanUp({ rewrite: false });
    return statSync(file).size / logs;
  };
  const insert = { ms: 0, cpuMs: 0 };
  for (let from = 0; from < logs; from += BATCH) {
    const batch = textLogs(kind, from, Math.min(BATCH, logs - from));
    const { ms, cpuMs } = await taken(() => store.insert(batch));
    insert.ms += ms;
    insert.cpuMs += cpuMs;
  }
  const before = await sizeOf();
  let steps = 0;
  let longest = 0;
  const index = await taken(async () => {
    for (let isDone = false; !isDone; steps++) {
      const { ms } = await taken(async () => {
        isDone = !(await store.textIndexStep(Date.now() + DAY_MS));
      });
      longest = Math.max(longest, ms);
    }
  });
  const after = await sizeOf();
  const each = (ms: number) => ((ms * 1_000) / logs).toFixed(1);
  console.log(`
| | paths ${kind} |
| --- | --- |
| inserting, µs a log (CPU) | ${each(insert.ms)} (${each(insert.cpuMs)}) |
| text index, µs a log (CPU) | ${each(index.ms)} (${each(index.cpuMs)}) |
| longest of ${steps} steps, ms | ${longest.toFixed(0)} |
| bytes a log without text index | ${before.toFixed(0)} |
| text index, bytes a log | ${(after - before).toFixed(0)} |
`);
  await store.close();
}

/** The same logs in ClickHouse. */
async function chdbWith(kind: PathKind): Promise<Chdb> {
  const table = join(folder, `${kind}.tsv`);
  const out = createWriteStream(table);
  for (let from = 0; from < logs; from += BATCH) {
    const rows = textLogs(kind, from, Math.min(BATCH, logs - from));
    out.write(rows.map(({ log }) => `${log.id}\t${log.path}\t${log.requestId}\n`).join(''));
  }
  out.end();
  await finished(out);
  const data = join(folder, `${kind}.chdb`);
  mkdirSync(data);
  const chdb = await startChdb(data);
  const gram = (column: string) =>
    `INDEX ${column}_grams lowerUTF8(${column}) TYPE ngrambf_v1(4, 65536, 2, 0)`;
  await chdb.time(
    `CREATE TABLE logs (id String, path String, request_id String, ${gram('path')}, ${gram('request_id')})
     ENGINE = MergeTree ORDER BY id SETTINGS index_granularity = 1024`,
  );
  await chdb.time(
    `INSERT INTO logs SELECT * FROM file('${table}', TSV, 'id String, path String, request_id String')`,
  );
  await chdb.time('OPTIMIZE TABLE logs FINAL');
  return chdb;
}

async function searches(file: string, kind: PathKind): Promise<void> {
  const store = new SqliteStore({ file, ingest: true });
  const plain = new DatabaseSync(file, { readOnly: true });
  plain.exec('PRAGMA cache_size = -131072');
  const number = plain.prepare('SELECT number FROM names WHERE name = ?').get(ORGANIZATION)!.number!;
  const scan = plain.prepare(
    `SELECT id FROM request_logs WHERE organization_id = ? AND (path LIKE ? OR request_id LIKE ?) ORDER BY id DESC LIMIT ${PAGE}`,
  );
  const chdb = values.chdb ? await chdbWith(kind) : null;
  const [id] = textLogs(kind, Math.floor(logs / 3), 1);
  console.log(`Newest ${PAGE} logs, paths ${kind}: median ms (CPU)\n`);
  console.log(`| text | found | text index | scan |${chdb ? ' chdb |' : ''}`);
  console.log(`| --- | --- | --- | --- |${chdb ? ' --- |' : ''}`);
  for (const [name, one] of Object.entries(QUESTIONS)) {
    const text = one === 'last 8 of one' ? id!.log.requestId.slice(-8) : one;
    const query: LogQuery = {
      scope: { organizationId: ORGANIZATION, visibleFrom: null },
      filter: searchFilter(text),
      sort: 'createdAt',
      direction: 'desc',
      limit: PAGE,
      fields: ['path'],
    };
    const folded = text.toLowerCase();
    const statement = `SELECT id FROM logs WHERE lowerUTF8(path) LIKE '%${folded}%' OR lowerUTF8(request_id) LIKE '%${folded}%'
      ORDER BY id DESC LIMIT ${PAGE}`;
    const found = (await store.find(query)).length;
    const counts = [found, scan.all(number, `%${text}%`, `%${text}%`).length];
    if (chdb !== null) counts.push((await chdb.rows(statement)).length);
    if (new Set(counts).size > 1) throw new Error(`${text}: found ${counts.join(', ')} logs`);
    const all: { ms: number; cpuMs: number }[][] = [[], [], []];
    for (let round = 0; round < rounds; round++) {
      all[0]!.push(await taken(() => store.find(query)));
      all[1]!.push(await taken(async () => scan.all(number, `%${text}%`, `%${text}%`)));
      if (chdb !== null) all[2]!.push(await chdb.time(statement));
    }
    const shown = all
      .filter((some) => some.length > 0)
      .map(
        (some) =>
          `${middle(some.map(({ ms }) => ms)).toFixed(1)} (${middle(some.map(({ cpuMs }) => cpuMs)).toFixed(1)})`,
      );
    console.log(`| ${name} | ${found} | ${shown.join(' | ')} |`);
  }
  await chdb?.close();
  plain.close();
  await store.close();
}

for (const kind of PATHS) {
  const file = join(folder, `${kind}.db`);
  await loaded(file, kind);
  await searches(file, kind);
}
