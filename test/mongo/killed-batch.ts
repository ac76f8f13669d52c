import { HOUR_MS, HOURS_OF_DAY } from '../../src/lib/time-units.ts';
import type { MongoStore } from '../../src/store/mongo/store.ts';
import { recorded, SAMPLE_TIME, sampleLog } from '../store/samples.ts';

const METHODS = ['GET', 'POST', 'PUT'];

/** Stores a batch. One that conflicts with another write is not sent again: a client would, and the next batch takes its place. */
export async function insertKilledBatch(store: MongoStore, round: number, number: number): Promise<void> {
  await store.insert(killedBatch(round, number)).catch((error) => {
    if (error.code !== 'UNAVAILABLE') throw error;
  });
}

/** 20 logs in five hours of the day of the round and one hour of the first day. @param number of the batch in its round. */
function killedBatch(round: number, number: number) {
  return Array.from({ length: 20 }, (_, n) => {
    const hour = n === 0 ? number % 5 : Math.max(0, round) * HOURS_OF_DAY + ((number + n) % 5);
    const requestId = `${round}-${number}-${n}`;
    const createdAt = SAMPLE_TIME + hour * HOUR_MS + n;
    return recorded(
      sampleLog({ organizationId: 'acme', requestId, createdAt, method: METHODS[n % 3]!, durationMs: n }),
    );
  });
}
