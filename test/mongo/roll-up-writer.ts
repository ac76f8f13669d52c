import { HOUR_MS } from '../../src/lib/time-units.ts';
import { MongoStore } from '../../src/store/mongo/store.ts';
import { ROLL_UP_LIMITS } from '../../src/store/roll-ups/declared.ts';
import { recorded, SAMPLE_TIME, sampleLog } from '../store/samples.ts';

/*
 * `roll-up-writer.ts URL ROUND ROLE` inserts batches, or builds roll-ups, or deletes the oldest logs, until it is killed. It prints
 * the number of each acknowledged batch.
 */

const [, , url, round, role] = process.argv;
const store = new MongoStore({ url: url! });
/** Longer than an insert takes here, so that many hours are built between two kills. */
const limits = { ...ROLL_UP_LIMITS, quietMs: 1_500 };
const METHODS = ['GET', 'POST', 'PUT'];

for (let i = 0; ; i++) {
  if (role === 'insert') {
    const batch = Array.from({ length: 20 }, (_, n) => {
      // Five hours of the day of this round, and one of the first day.
      const hour = n === 0 ? i % 5 : Number(round) * 24 + ((i + n) % 5);
      const requestId = `${round}-${i}-${n}`;
      const createdAt = SAMPLE_TIME + hour * HOUR_MS + n;
      return recorded(
        sampleLog({ organizationId: 'acme', requestId, createdAt, method: METHODS[n % 3]!, durationMs: n }),
      );
    });
    // A log of another process that was rejected as a duplicate and is then deleted is reported as an error.
    await store.insert(batch).catch((error) => {
      if (error.code !== 'UNAVAILABLE') throw error;
    });
    process.stdout.write(`${i}\n`);
  } else if (role === 'delete') {
    await store.deleteBefore('acme', SAMPLE_TIME + 1e12, 7);
    process.stdout.write(`${i}\n`);
  } else if (!(await store.rollUpStep(SAMPLE_TIME + 1e12, limits))) {
    await new Promise((resolve) => setTimeout(resolve, 50));
  } else process.stdout.write(`${i}\n`);
}
