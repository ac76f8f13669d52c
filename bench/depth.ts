import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { demoLogs } from '../src/demo/demo-logs.ts';
import { EVERYTHING } from '../src/log/filter.ts';
import { type Position, SORT_FIELDS } from '../src/log/sort.ts';
import { openStore } from '../src/store/open-store.ts';
import { mongoPeer, ORGANIZATION, sqlitePeer } from './depth-peers.ts';

/*
 * What depth costs, and what our part of a page costs beside the plain driver: for each sort the first page, and the
 * page at 50% and 90% of the depth, in one run, our finds and the driver's in turn. Then ingest beside plain inserts.
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
const ROUNDS = 150;
/** A driver that takes a second for a page is not asked 150 times. */
const CELL_MS = 4_000;

const store = await openStore(url, { ingest: true });
await store.createOrganization({ id: ORGANIZATION, plan: 'archive', createdAt: 0 });
const scope = { organizationId: ORGANIZATION, visibleFrom: null };
const present = (await store.count(scope, EVERYTHING, null)).count;
const now = Date.UTC(2026, 10, 1);
/** A part of the logs at a time, each with a time of its own: what a day brings. */
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
  `${rows} logs in ${url.split(':')[0]}; pages of ${LIMIT}; medians of up to ${ROUNDS} finds, ours and the driver's in turn\n`,
);
console.log('| sort | depth | ours ms | driver ms | ours / driver, pages a second | ours / our first page |');
console.log('| --- | --- | --- | --- | --- | --- |');
const median = (times: number[]) => times.sort((a, b) => a - b)[Math.floor(times.length / 2)]!;
const timed = async (work: () => Promise<unknown>) => {
  const start = performance.now();
  JSON.stringify(await work());
  return performance.now() - start;
};
for (const sort of SORT_FIELDS) {
  let first = 0;
  for (const share of [0, 0.5, 0.9]) {
    const after: Position | null = share === 0 ? null : await peer.positionAt(sort, rows, share);
    const query = {
      scope,
      filter: EVERYTHING,
      sort,
      direction: 'desc',
      after: after ?? undefined,
      limit: LIMIT,
    } as const;
    const ids = (found: unknown[]) =>
      found.map((row) => {
        const { id, _id, hexId } = row as { id?: string; _id?: string; hexId?: string };
        return (id ?? _id ?? hexId)!.replaceAll('-', '');
      });
    const [a, b] = [ids(await store.find(query)), ids(await peer.page(sort, after, LIMIT))];
    if (JSON.stringify(a) !== JSON.stringify(b)) throw new Error(`${sort} at ${share}: not the same rows`);
    const ours: number[] = [];
    const theirs: number[] = [];
    const end = performance.now() + CELL_MS;
    for (let round = 0; round < ROUNDS && performance.now() < end; round++) {
      ours.push(await timed(() => store.find(query)));
      theirs.push(await timed(() => peer.page(sort, after, LIMIT)));
    }
    const [our, their] = [median(ours), median(theirs)];
    if (share === 0) first = our;
    console.log(
      `| ${sort} | ${share * 100}% | ${our.toFixed(2)} | ${their.toFixed(2)} | ${(their / our).toFixed(2)} | ${(our / first).toFixed(2)} |`,
    );
  }
}

const extra = 40_000;
let [ourMs, theirMs] = [0, 0];
for (let i = 0; i < extra; i += BATCH) {
  const batch = part(rows + i, BATCH).map(({ log }) => ({ log, payload: null }));
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
  `ingest of ${extra} more, in batches of ${BATCH}: ours ${rate(ourMs)} logs a second (into ${rows} rows), plain driver ${rate(theirMs)} (into an empty table with the same indexes), ratio ${(theirMs / ourMs).toFixed(2)}`,
);
await peer.close();
await store.close();
