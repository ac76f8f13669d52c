import { existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { DAY_MS } from '../src/lib/time-units.ts';
import { checkedPart } from '../src/stats/question.ts';
import { openStore } from '../src/store/open-store.ts';
import type { Store } from '../src/store/store.ts';
import { checkEqual } from './stats/check.ts';
import { currentHour } from './stats/current-hour.ts';
import { storeDenseCells } from './stats/dense-cells.ts';
import { serveHeatMap } from './stats/heat-map.ts';
import { loadStore } from './stats/load.ts';
import { loadedChdb } from './stats/loaded-chdb.ts';
import { ORGANIZATION } from './stats/logs.ts';
import type { Chdb, Taken } from './stats/peer.ts';
import { type BenchQuestion, benchQuestions } from './stats/questions.ts';
import { rebuildHour } from './stats/rebuild-hour.ts';

/*
 * Statistics on SQLite beside chdb, which is ClickHouse in a process of its own: the same logs over 30 days, in a MergeTree table
 * ordered by organization and time. Each answer is compared with the other's before both are timed: counts exactly, percentiles
 * within 1% of ClickHouse's exact ones. Then the disk space of roll-ups, questions about an hour that is being filled, and the time to
 * roll up an hour.
 *
 *   node bench/stats.ts [--logs 5000000] [--rounds 9] [--folder FOLDER] [--only TEXT]
 *
 * The folder keeps what was loaded for the next run; by default it is a temporary one.
 */
const { values } = parseArgs({
  options: {
    logs: { type: 'string', default: '5000000' },
    rounds: { type: 'string', default: '9' },
    folder: { type: 'string' },
    only: { type: 'string', default: '' },
  },
});
const logs = Number(values.logs);
const rounds = Number(values.rounds);
const folder = values.folder ?? mkdtempSync(join(tmpdir(), 'relaylog-bench-'));
if (values.folder === undefined) process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
mkdirSync(folder, { recursive: true });

const from = Date.UTC(2026, 9, 1);
const range = { from, to: from + 30 * DAY_MS };
const file = join(folder, `${logs}.db`);

const middle = (all: readonly number[]) => all.toSorted((a, b) => a - b)[Math.floor(all.length / 2)]!;
const medianMs = (all: readonly Taken[]) => middle(all.map(({ ms }) => ms));
const shown = (all: readonly Taken[]) =>
  `${medianMs(all).toFixed(1)} (${middle(all.map(({ cpuMs }) => cpuMs)).toFixed(1)})`;

async function load(): Promise<void> {
  if (existsSync(file)) return;
  await loadStore(file, logs, from, range.to - from);
  const store = await openStore(`sqlite:${file}`);
  const { ms, cpuMs } = await timedHere(async () => {
    while (await store.rollUpStep(range.to));
  });
  console.log(
    `Roll-ups of ${logs} logs: ${(ms / 1_000).toFixed(0)} s, CPU ${(cpuMs / 1_000).toFixed(0)} s\n`,
  );
  await store.close();
}

/** Calls until V8 has compiled what answers them; chdb is compiled before. */
const WARM_UP = 40;
const WARM_UP_MS = 4_000;

/** What is compared with chdb. */
interface Contender {
  readonly name: string;
  /** How many times as fast as chdb it must be; null if the goal is in milliseconds. */
  readonly goal: number | null;
  time(): Promise<Taken>;
}

async function compare(store: Store, chdb: Chdb, question: BenchQuestion): Promise<void> {
  const scope = { organizationId: ORGANIZATION, visibleFrom: null };
  const parts = question.parts.map(checkedPart);
  const answers = await store.stats(scope, question.filter, parts);
  for (const [i, statement] of question.exact.entries()) {
    checkEqual(parts[i]!, answers[i]!, await chdb.rows(statement));
  }
  const atStore = () => timedHere(() => store.stats(scope, question.filter, parts));
  const contenders: Contender[] = [{ name: question.name, goal: question.goal, time: atStore }];
  const server = question.isHeatMap ? await serveHeatMap(store, file, range) : null;
  if (server !== null) {
    if ((await server.count()) !== logs) throw new Error('The answer over HTTP has another count.');
    contenders.push({ name: `${question.name}, over HTTP`, goal: 3, time: server.time });
  }
  for (const { time } of contenders) {
    for (let i = 0, end = performance.now() + WARM_UP_MS; i < WARM_UP && performance.now() < end; i++)
      await time();
  }
  const ours: Taken[][] = contenders.map(() => []);
  const theirs: Taken[][] = question.timed.map(() => []);
  for (let round = 0; round < rounds; round++) {
    for (const [i, contender] of contenders.entries()) ours[i]!.push(await contender.time());
    for (const [i, statement] of question.timed.entries()) theirs[i]!.push(await chdb.time(statement));
  }
  await server?.stop();
  const fastest = theirs.toSorted((a, b) => medianMs(a) - medianMs(b))[0]!;
  for (const [i, { name, goal }] of contenders.entries()) {
    const ratio = (medianMs(fastest) / medianMs(ours[i]!)).toFixed(1);
    console.log(
      `| ${name} | ${shown(ours[i]!)} | ${shown(fastest)} | ${ratio} | ${goal ?? 'at most 500 ms'} |`,
    );
  }
}

/** Waits until no thread works: a store that was opened checks its file. */
async function idle(): Promise<void> {
  while ((await timedHere(() => setTimeout(500))).cpuMs > 50);
}

async function timedHere(work: () => Promise<unknown>): Promise<Taken> {
  const cpu = process.cpuUsage();
  const start = performance.now();
  await work();
  const ms = performance.now() - start;
  const { user, system } = process.cpuUsage(cpu);
  return { ms, cpuMs: (user + system) / 1_000 };
}

/** The question of hour x method when each cell holds ten times as many logs. */
async function tenTimesAsMany(): Promise<void> {
  const [{ filter, parts }] = benchQuestions(range, logs) as [BenchQuestion];
  const checked = parts.map(checkedPart);
  const scope = { organizationId: ORGANIZATION, visibleFrom: null };
  const stores: Store[] = [];
  for (const [i, count] of [logs, 10 * logs].entries()) {
    const dense = join(folder, `${count}.cells.db`);
    if (!existsSync(dense)) await storeDenseCells(dense, count, range);
    stores[i] = await openStore(`sqlite:${dense}`);
  }
  const taken = stores.map((): Taken[] => []);
  for (let round = -WARM_UP; round < 3 * rounds; round++) {
    for (const [i, store] of stores.entries()) {
      const one = await timedHere(() => store.stats(scope, filter, checked));
      if (round >= 0) taken[i]!.push(one);
    }
  }
  for (const store of stores) await store.close();
  const ratio = medianMs(taken[1]!) / medianMs(taken[0]!);
  console.log(
    `\nd. hour x method, from cells of ${logs} logs and of ten times as many: ${shown(taken[0]!)} and ${shown(taken[1]!)} ms (CPU), ` +
      `${ratio.toFixed(2)} times; goal 1.3`,
  );
}

/** Disk space, from the pages of each table and index. */
function diskBytes(): void {
  const db = new DatabaseSync(file, { readOnly: true });
  const bytes = (condition: string) =>
    Number(
      db.prepare(`SELECT total(pgsize) AS bytes FROM dbstat WHERE aggregate = 1 AND ${condition}`).get()!
        .bytes,
    );
  const [all, rollUps] = [bytes('true'), bytes(`name LIKE 'roll_up%'`)];
  db.close();
  console.log(
    `\nDisk, bytes a log: ${((all - rollUps) / logs).toFixed(0)} without roll-ups, ${(all / logs).toFixed(0)} with them`,
  );
}

const wants = (name: string) => name.includes(values.only);
console.log(`${logs} logs, ${availableParallelism()} cores, medians of ${rounds} rounds in turn\n`);
if (['a', 'b', 'c'].some((letter) => values.only === '' || values.only.startsWith(letter))) {
  await load();
  const chdb = await loadedChdb(folder, logs, from, range.to - from);
  const store = await openStore(`sqlite:${file}`);
  await idle();
  console.log(
    '| question | store, ms (CPU) | chdb, ms (CPU) | chdb / store | goal |\n| --- | --- | --- | --- | --- |',
  );
  for (const question of benchQuestions(range, logs).filter(({ name }) => wants(name))) {
    await compare(store, chdb, question);
  }
  await store.close();
  await chdb.close();
}
if (wants('d. ten times as many')) await tenTimesAsMany();
if (wants('e. disk')) {
  await load();
  diskBytes();
}
if (wants('f. current hour')) await currentHour(folder);
if (wants('g. rebuild')) await rebuildHour(folder, rounds, timedHere, shown);
