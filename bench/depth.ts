import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { demoLogs } from '../src/demo/demo-logs.ts';
import { MATCH_ALL } from '../src/log/filter.ts';
import { type Position, SORT_FIELDS } from '../src/log/sort.ts';
import { openStore } from '../src/store/open-store.ts';
import { mongoPeer } from './depth-mongo.ts';
import { ORGANIZATION } from './depth-peers.ts';
import { sqlitePeer } from './depth-sqlite.ts';

/*
 * The cost of deep pages, and Relaylog's overhead over the plain driver: for each sort the first page, the pages at 50%
 * and 90% of the depth, and the page at 1%, where few logs share a duration. The pages of a sort alternate, Relaylog's and
 * the driver's, so other load on the machine affects all alike. Then ingest, compared with plain inserts.
 *
 *   node bench/depth.ts [--rows 1000000] [--url mongodb://…]      SQLite in a temporary file unless a URL is given
 */
const { values } = parseArgs({
  options: { rows: { type: 'string', default: '1000000' }, url: { type: 'string' } },
});
const rows = Number(values.rows);
const file = join(mkdtempSync(join(tmpdir(), 'relaylog-bench-')), 'store.db');
const url = values.url ?? `sqlite:${file}`;
const LIMIT = 100;
const BATCH = 5_000;
const SHARES = [0, 0.01, 0.5, 0.9];
const ROUNDS = 300;
/** Rounds that are not measured; they load each page into the server's cache. */
const WARM_ROUNDS = 20;
/** Time limit for one sort, so that a page that takes a second is not read 300 times. */
const SORT_MS = 10_000;

const store = await openStore(url, { ingest: true });
await store.createOrganization({ id: ORGANIZATION, plan: 'archive', createdAt: 0 });
const scope = { organizationId: ORGANIZATION, visibleFrom: null };
const present = (await store.count(scope, MATCH_ALL, null)).count;
const now = Date.UTC(2026, 10, 1);
/** A batch of demo logs, each with a different time. */
const part = (from: number, count: number) =>
  demoLogs({ organizationId: ORGANIZATION, count, days: 0.05, now: now + from * 40, first: from });

let spent = 0;
for (let i = present; i < rows; i += BATCH) {
  const batch = part(i, Math.min(BATCH, rows - i)).map(({ log }) => ({ log, payload: null }));
  const start = performance.now();
  await store.insert(batch);
  spent += performance.now() - start;
}
const peer = values.url === undefined ? sqlitePeer(file) : await mongoPeer(values.url);

console.log(
  `${rows} logs in ${url.split(':')[0]}; pages of ${LIMIT}; medians of up to ${ROUNDS} finds, alternating between the pages of a sort\n`,
);
console.log(
  '| sort | depth | ours ms | driver ms | ours / driver, pages a second | ours / our first page | driver / its first page | driver with $or, ms |',
);
console.log('| --- | --- | --- | --- | --- | --- | --- | --- |');
const median = (numbers: readonly number[]) =>
  numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)]!;
const timed = async (work: () => Promise<unknown>) => {
  const start = performance.now();
  JSON.stringify(await work());
  return performance.now() - start;
};
const ids = (found: unknown[]) =>
  found.map((row) => {
    const { id, _id, hexId } = row as { id?: string; _id?: string; hexId?: string };
    return (id ?? _id ?? hexId)!.replaceAll('-', '');
  });
/** Milliseconds of each task in each round. The order is random, because what was just read is cached. */
async function alternate(work: readonly (() => Promise<unknown>)[], warmRounds: number): Promise<number[][]> {
  const times: number[][] = work.map(() => []);
  const end = performance.now() + SORT_MS;
  for (let round = -warmRounds; round <= 0 || (round < ROUNDS && performance.now() < end); round++) {
    const shuffled = work.map((one, i) => ({ one, i, at: Math.random() })).sort((a, b) => a.at - b.at);
    for (const { one, i } of shuffled) {
      const ms = await timed(one);
      if (round >= 0) times[i]!.push(ms);
    }
  }
  return times;
}
/** The median of the ratio within each round. */
const ratio = (times: readonly number[], others: readonly number[]) =>
  median(times.map((ms, round) => ms / others[round]!)).toFixed(2);

for (const sort of SORT_FIELDS) {
  const query = { scope, filter: MATCH_ALL, sort, direction: 'desc', limit: LIMIT } as const;
  const places: (Position | null)[] = [];
  for (const share of SHARES) places.push(share === 0 ? null : await peer.positionAt(sort, rows, share));
  const ours = places.map((after) => () => store.find({ ...query, after: after ?? undefined }));
  const theirs = places.map((after) => () => peer.page(sort, after, LIMIT));
  // Measured after the others, because it evicts their pages from the server's cache.
  const usual =
    peer.usualPage === null
      ? []
      : places.map((after) => after && (() => peer.usualPage!(sort, after, LIMIT)));
  for (const [i, share] of SHARES.entries()) {
    const [expected, ...others] = [ours, theirs, usual].flatMap((pages) => pages[i] ?? []);
    const page = JSON.stringify(ids(await expected!()));
    for (const other of others) {
      if (JSON.stringify(ids(await other())) !== page)
        throw new Error(`${sort} at ${share}: not the same rows`);
    }
  }
  const times = await alternate([...ours, ...theirs], WARM_ROUNDS);
  for (const [i, share] of SHARES.entries()) {
    const [our, their] = [times[i]!, times[SHARES.length + i]!];
    const [withOr] = usual[i] ? await alternate([usual[i]], 0) : [];
    const cells = [
      sort,
      `${share * 100}%`,
      median(our).toFixed(2),
      median(their).toFixed(2),
      ratio(their, our),
      ratio(our, times[0]!),
      ratio(their, times[SHARES.length]!),
      withOr ? median(withOr).toFixed(2) : '',
    ];
    console.log(`| ${cells.join(' | ')} |`);
  }
}

const extra = 40_000;
const stored = Math.max(present, rows);
let [ourMs, theirMs] = [0, 0];
for (let i = 0; i < extra; i += BATCH) {
  const batch = part(stored + i, BATCH).map(({ log }) => ({ log, payload: null }));
  let start = performance.now();
  await store.insert(batch);
  ourMs += performance.now() - start;
  start = performance.now();
  await peer.insert(batch);
  theirMs += performance.now() - start;
}
if (present < rows) console.log(`\nload: ${Math.round(((rows - present) / spent) * 1000)} logs a second`);
const rate = (ms: number) => Math.round((extra / ms) * 1000);
console.log(
  `ingest of ${extra} more, in batches of ${BATCH}: ours ${rate(ourMs)} logs a second (into ${stored} rows), plain driver ${rate(theirMs)} (into an empty table with the same indexes), ratio ${(theirMs / ourMs).toFixed(2)}`,
);
await peer.close();
await store.close();
