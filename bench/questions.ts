import { existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { DAY_MS } from '../src/lib/time-units.ts';
import { lowestIdAt } from '../src/log/log-id.ts';
import type { LogQuery } from '../src/log/query.ts';
import { sortValueOf } from '../src/log/sort.ts';
import { countExactly } from '../src/store/count-within.ts';
import { openStore } from '../src/store/open-store.ts';
import type { Store } from '../src/store/store.ts';
import type { CatalogueQuestion } from '../test/store/catalogue.ts';
import { catalogueAt } from './questions/catalogue-at.ts';
import { orderOf, whereOf } from './questions/clickhouse-query.ts';
import { loadStore } from './stats/load.ts';
import { loadedChdb } from './stats/loaded-chdb.ts';
import { logBatches } from './stats/logs.ts';
import type { Chdb } from './stats/peer.ts';

/*
 * The questions of the catalogue on SQLite beside chdb, which is ClickHouse in a process of its own: the same logs over 30 days, in a
 * MergeTree table ordered by organization and time. For each question: the first run after the store was opened, the median of warm runs, the same
 * for a page at 90% of the question's depth, and chdb's median. The sort keys of each first page are compared before it is timed.
 *
 *   node bench/questions.ts [--logs 1000000] [--others 0] [--rounds 20] [--folder FOLDER] [--all]
 *
 * `--others`: so many logs of ten other organizations are in the store as well.
 * The folder keeps what was loaded for the next run; by default it is a temporary one. `--all`: not only the core of the catalogue.
 */
const { values } = parseArgs({
  options: {
    logs: { type: 'string', default: '1000000' },
    others: { type: 'string', default: '0' },
    rounds: { type: 'string', default: '20' },
    folder: { type: 'string' },
    all: { type: 'boolean', default: false },
  },
});
const logs = Number(values.logs);
const others = Number(values.others);
const rounds = Number(values.rounds);
const folder = values.folder ?? mkdtempSync(join(tmpdir(), 'relaylog-bench-'));
if (values.folder === undefined) process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
mkdirSync(folder, { recursive: true });

const from = Date.UTC(2026, 9, 1);
const end = from + 30 * DAY_MS;
const file = join(folder, others === 0 ? `${logs}.db` : `${logs}-${others}.db`);
const OTHER_ORGANIZATIONS = Array.from({ length: 10 }, (_, i) => `other-${i}`);
/** chdb reads every question from its columns; a few runs show how long that takes. */
const PEER_ROUNDS = 3;

async function load(): Promise<void> {
  if (existsSync(file)) return;
  await loadStore(file, logs, from, end - from);
  const store = await openStore(`sqlite:${file}`);
  for (const id of others === 0 ? [] : OTHER_ORGANIZATIONS) {
    await store.createOrganization({ id, plan: 'archive', createdAt: 0 });
    const count = others / OTHER_ORGANIZATIONS.length;
    for (const batch of logBatches(count, from, end - from, id)) await store.insert(batch);
  }
  while (await store.rollUpStep(end));
  await store.close();
}

const middle = (all: readonly number[]) => all.toSorted((a, b) => a - b)[Math.floor(all.length / 2)]!;

async function timed(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await work();
  return performance.now() - start;
}

interface Measured {
  readonly first: number;
  readonly warm: number;
  readonly deep: number;
  readonly peer: number;
}

async function measure(store: Store, chdb: Chdb, { query }: CatalogueQuestion): Promise<Measured> {
  const first = await timed(() => store.find(query));
  const times = async (one: LogQuery) => {
    const all: number[] = [];
    for (let i = 0; i < rounds; i++) all.push(await timed(() => store.find(one)));
    return middle(all);
  };
  const [where, { key, order }] = [whereOf(query), orderOf(query)];
  const page = `SELECT * FROM logs ${where} ${order} LIMIT ${query.limit}`;
  const found = (await store.find(query)).map((log) => sortValueOf(log, query.sort));
  const expected = (await chdb.rows(`SELECT ${key} FROM logs ${where} ${order} LIMIT ${query.limit}`)).map(
    ([value]) => Number(value),
  );
  if (JSON.stringify(found) !== JSON.stringify(expected)) {
    throw new Error(`Another page than chdb's: ${found} instead of ${expected}`);
  }
  const peer: number[] = [];
  for (let i = 0; i < PEER_ROUNDS; i++) peer.push((await chdb.time(page)).ms);
  const count = await countExactly(store, query.scope, query.filter);
  const [deepest] = await chdb.rows(
    `SELECT ${key}, toUnixTimestamp64Milli(time) FROM logs ${where} ${order} LIMIT 1 OFFSET ${Math.floor(count * 0.9)}`,
  );
  const deep = deepest === undefined ? query : { ...query, after: positionAt(deepest) };
  return { first, warm: await times(query), deep: await times(deep), peer: middle(peer) };
}

function positionAt([value, time]: readonly unknown[]): NonNullable<LogQuery['after']> {
  return { sortValue: Number(value), createdAt: Number(time), id: lowestIdAt(Number(time)) };
}

await load();
const store = await openStore(`sqlite:${file}`);
const chdb = await loadedChdb(folder, logs, from, end - from);
const questions = catalogueAt(end).filter(({ isCore }) => values.all || isCore);

console.log(`${logs} logs, ${others} of others, milliseconds: first run, warm, at 90% of the depth, chdb\n`);
console.log(
  '| filter | window | order | first | warm | deep | chdb |\n| --- | --- | --- | --- | --- | --- | --- |',
);
const worst = { warm: 0, deep: 0, first: 0 };
for (const question of questions) {
  const { first, warm, deep, peer } = await measure(store, chdb, question);
  worst.first = Math.max(worst.first, first);
  worst.warm = Math.max(worst.warm, warm);
  worst.deep = Math.max(worst.deep, deep);
  const { filterName, windowName, sort, query } = question;
  const cells = [first, warm, deep, peer].map((ms) => ms.toFixed(1));
  console.log(`| ${[filterName, windowName, `${sort} ${query.direction}`, ...cells].join(' | ')} |`);
}
console.log(
  `\nThe slowest of ${questions.length}: first run ${worst.first.toFixed(1)}, warm ${worst.warm.toFixed(1)}, deep ${worst.deep.toFixed(1)} ms (goal 50).`,
);
await chdb.close();
await store.close();
