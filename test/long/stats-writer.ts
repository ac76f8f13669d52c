import { openStore } from '../../src/store/open-store.ts';
import { recorded } from '../store/samples.ts';
import { BATCHES, batchOf, LAST_PURGED, LIMITS, NOW, ORGANIZATION } from './stats-logs.ts';

/*
 * Stores batches of logs, builds roll-ups and purges, all at once, until it is killed. Prints a line for each batch that was
 * acknowledged, and for each step of the others.
 *
 *   node test/long/stats-writer.ts URL FIRST_BATCH
 */
const [url, firstBatch] = process.argv.slice(2) as [string, string];
const store = await openStore(url);
const first = Number(firstBatch);
let sent = 0;

/** The number of a batch that was probably sent before. */
function anyBefore(): number {
  const process = Math.floor((Math.random() * first) / BATCHES);
  return process * BATCHES + Math.floor(Math.random() * sent);
}

async function repeat(name: string, work: () => Promise<unknown>): Promise<never> {
  for (;;) process.stdout.write(`${name} ${await work()}\n`);
}

await Promise.all([
  repeat('stored', async () => {
    // Every fourth batch repeats one, of any process.
    const number = sent % 4 === 3 ? anyBefore() : first + sent;
    sent++;
    await store.insert(batchOf(number).map(recorded));
    return number;
  }),
  repeat('built', () => store.rollUpStep(NOW, LIMITS)),
  repeat('purged', () => store.deleteBefore(ORGANIZATION, LAST_PURGED, 3)),
  repeat('reset', async () => {
    await new Promise((resolve) => setTimeout(resolve, Math.random() * 2_000));
    await store.resetRollUps();
  }),
]);
