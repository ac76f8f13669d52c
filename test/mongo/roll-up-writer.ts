import { setTimeout } from 'node:timers/promises';
import { MONGO_ROLL_UP_LIMITS } from '../../src/store/mongo/stats/limits.ts';
import { MongoStore } from '../../src/store/mongo/store.ts';
import { SAMPLE_TIME } from '../store/samples.ts';
import { insertKilledBatch } from './killed-batch.ts';

/*
 * `roll-up-writer.ts URL ROUND ROLE QUIET_MS` inserts batches, or builds roll-ups of marks that were unchanged for QUIET_MS, or
 * deletes the oldest logs, until it is killed. It prints the number of each acknowledged batch.
 */

const [, , url, round, role, quietMs] = process.argv;
const store = new MongoStore({ url: url! });
const limits = { ...MONGO_ROLL_UP_LIMITS, quietMs: Number(quietMs) };

for (let i = 0; ; i++) {
  if (role === 'insert') {
    // A log of another process that was rejected as a duplicate and is then deleted is a conflict, too.
    await insertKilledBatch(store, Number(round), i);
    process.stdout.write(`${i}\n`);
  } else if (role === 'delete') {
    await store.deleteBefore('acme', SAMPLE_TIME + 1e12, 7);
    process.stdout.write(`${i}\n`);
  } else if (!(await store.rollUpStep(SAMPLE_TIME + 1e12, limits))) {
    await setTimeout(50);
  } else process.stdout.write(`${i}\n`);
}
