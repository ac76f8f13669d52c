import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { ROLL_UPS, scheduleWork, TEXT_INDEX } from '../src/background/scheduled-work.ts';
import { openStore } from '../src/store/open-store.ts';
import { ORGANIZATION } from './depth-peers.ts';
import { sqlitePeer } from './depth-sqlite.ts';
import { liveLogs, recordedLog } from './live-logs.ts';

/*
 * Inserts prepared logs into a new file, in its own process: either through the store as ingest opens it, passing the next
 * batch while one is being stored, or with plain node:sqlite statements into a table with the same indexes, cache size and
 * durability. Prints one line of JSON: logs a second, in total and for each 100,000.
 *
 * Roll-ups: `none` as long as the organization has none, so that inserts mark nothing; `marked`; or `built` in the background as by
 * the gateway, with the text index.
 */
const { values } = parseArgs({
  options: {
    target: { type: 'string', default: 'ours' },
    rows: { type: 'string', default: '500000' },
    batch: { type: 'string', default: '20000' },
    'roll-ups': { type: 'string', default: 'none' },
  },
});
const [rows, size] = [Number(values.rows), Number(values.batch)];
const PART = 100_000;
const folder = mkdtempSync(join(tmpdir(), 'relaylog-bench-'));
const file = join(folder, 'store.db');
const store = await openStore(`sqlite:${file}`, { ingest: true });
await store.createOrganization({ id: ORGANIZATION, plan: 'archive', createdAt: 0 });
// Stores the names that the plain table refers to, and waits for the insert thread to start.
await store.insert(liveLogs(-2_000, 2_000).map((log) => recordedLog(log, ORGANIZATION)));
/** The time of the logs. */
let now = liveLogs(0, 1)[0]!.createdAt;
if (values['roll-ups'] !== 'none') while (await store.rollUpStep(now));
const report = (error: unknown) => {
  throw error;
};
const schedule = { done: () => {}, due: () => {}, report };
const stops =
  values['roll-ups'] === 'built'
    ? [
        scheduleWork(store, ROLL_UPS, { ...schedule, now: () => now }),
        scheduleWork(store, TEXT_INDEX, { ...schedule, now: Date.now }),
      ]
    : [];
const peer = values.target === 'ours' ? null : sqlitePeer(file);

const parts: number[] = [];
for (let from = 0; from < rows; from += PART) {
  const batches = Array.from({ length: PART / size }, (_, i) =>
    liveLogs(from + i * size, size).map((log) => recordedLog(log, ORGANIZATION)),
  );
  const start = performance.now();
  if (peer !== null) for (const batch of batches) await peer.insert(batch);
  else {
    let last: Promise<unknown> = Promise.resolve();
    for (const batch of batches) {
      const stored = store.insert(batch);
      await last;
      last = stored;
      now = batch.at(-1)!.log.createdAt;
    }
    await last;
  }
  parts.push(performance.now() - start);
}
await peer?.close();
await Promise.all(stops.map((stop) => stop()));
await store.close();
rmSync(folder, { recursive: true });
const rate = (ms: number, count: number) => Math.round((count / ms) * 1000);
console.log(
  JSON.stringify({
    rate: rate(
      parts.reduce((sum, ms) => sum + ms),
      rows,
    ),
    curve: parts.map((ms) => rate(ms, PART)),
  }),
);
