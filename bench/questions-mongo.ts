import { parseArgs } from 'node:util';
import { DAY_MS } from '../src/lib/time-units.ts';
import { loadedStore } from './mongo/load.ts';
import { printEntries } from './mongo/question-entries.ts';
import { catalogueAt } from './questions/catalogue-at.ts';
import { ORGANIZATION } from './stats/logs.ts';

/*
 * The core of the catalogue of questions on MongoDB, beside the newest page of the same logs over 30 days: median of the rounds, and how
 * many times as long it takes as the newest page.
 *
 *   node bench/questions-mongo.ts --url mongodb://…/DATABASE [--logs 1000000] [--rounds 7]
 *   node bench/questions-mongo.ts --url mongodb://…/DATABASE [--logs 1000000] --entries [--postgres postgres://…]
 *
 * With --entries it prints the index entries that each page reads instead, which do not depend on the load of the machine. DocumentDB
 * shows them only in PostgreSQL: --postgres is the URL of its database, which is asked by psql.
 *
 * The database must be empty, or hold the logs of an earlier run. Their roll-ups are built first.
 */
const { values } = parseArgs({
  options: {
    url: { type: 'string' },
    logs: { type: 'string', default: '1000000' },
    rounds: { type: 'string', default: '7' },
    entries: { type: 'boolean', default: false },
    postgres: { type: 'string' },
  },
});
if (values.url === undefined) throw new Error('Pass the URL of an empty database: --url mongodb://…');
const from = Date.UTC(2026, 9, 1);
const end = from + 30 * DAY_MS;
const scope = { organizationId: ORGANIZATION, visibleFrom: null };

const store = await loadedStore(values.url, Number(values.logs), { from, to: end });
const newest = {
  scope,
  filter: { op: 'and', filters: [] },
  sort: 'createdAt',
  direction: 'desc',
  limit: 50,
} as const;

const questions = catalogueAt(end).filter(({ isCore }) => isCore);
if (values.entries) await printEntries(values.url, values.postgres, questions);
else await printTimes();
await store.close();

async function printTimes(): Promise<void> {
  const base = await median(() => store.find(newest));
  console.log(
    `Newest page: ${base.toFixed(1)} ms\n\n| filter | window | order | ms | times the newest page |\n| --- | --- | --- | --- | --- |`,
  );
  for (const { filterName, windowName, sort, query } of questions) {
    const ms = await median(() => store.find(query));
    const cells = [
      filterName,
      windowName,
      `${sort} ${query.direction}`,
      ms.toFixed(1),
      (ms / base).toFixed(1),
    ];
    console.log(`| ${cells.join(' | ')} |`);
  }
}

async function median(read: () => Promise<unknown>): Promise<number> {
  const all: number[] = [];
  for (let i = 0; i < Number(values.rounds); i++) {
    const start = performance.now();
    await read();
    all.push(performance.now() - start);
  }
  return all.toSorted((a, b) => a - b)[Math.floor(all.length / 2)]!;
}
