import { HOUR_MS, HOURS_OF_DAY } from '../../src/lib/time-units.ts';
import { recorded, SAMPLE_TIME, sampleLog } from '../store/samples.ts';

const METHODS = ['GET', 'POST', 'PUT'];

/** 20 logs in five hours of the day of the round and one hour of the first day. @param number of the batch in its round. */
export function killedBatch(round: number, number: number) {
  return Array.from({ length: 20 }, (_, n) => {
    const hour = n === 0 ? number % 5 : Math.max(0, round) * HOURS_OF_DAY + ((number + n) % 5);
    const requestId = `${round}-${number}-${n}`;
    const createdAt = SAMPLE_TIME + hour * HOUR_MS + n;
    return recorded(
      sampleLog({ organizationId: 'acme', requestId, createdAt, method: METHODS[n % 3]!, durationMs: n }),
    );
  });
}
