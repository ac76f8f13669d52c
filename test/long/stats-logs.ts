import { DAY_MS, HOUR_MS } from '../../src/lib/time-units.ts';
import type { RequestLog } from '../../src/log/request-log.ts';
import { ROLL_UP_LIMITS } from '../../src/store/roll-ups/declared.ts';
import { SAMPLE_TIME, sampleLog } from '../store/samples.ts';

export const ORGANIZATION = 'acme';
export const METHODS = ['GET', 'POST', 'PUT'];
/** Logs are spread over three days, so that every batch is late for some hours. */
export const SPREAD_MS = 3 * DAY_MS;
/** Logs before this time are purged. */
export const LAST_PURGED = SAMPLE_TIME + 7 * HOUR_MS;
/** All hours have ended. */
export const NOW = SAMPLE_TIME + 30 * DAY_MS;
/** Small limits, so that few logs are kept in every kind of cell. */
export const LIMITS = {
  ...ROLL_UP_LIMITS,
  hourBytesPerLog: 100,
  unitBytesPerLog: 100,
  denseHour: 60,
  quietMs: 0,
};
/** Batches of one process have consecutive numbers, below this distance. */
export const BATCHES = 100_000;
const BATCH_SIZE = 5;

/** The logs of a batch; the same at every call. */
export function batchOf(number: number): RequestLog[] {
  return Array.from({ length: BATCH_SIZE }, (_, i) => {
    const log = (number % BATCHES) * 7_919 + Math.floor(number / BATCHES) * 104_729 + i * 15_485_863;
    return sampleLog({
      organizationId: ORGANIZATION,
      requestId: `b${number}-${i}`,
      createdAt: SAMPLE_TIME + ((log * 1_013) % SPREAD_MS),
      method: METHODS[log % METHODS.length]!,
      routePattern: `/route-${log % 7}`,
      apiKeyId: `key_${log % 5}`,
      consumerId: `consumer_${number}-${i}`,
      statusCode: log % 11 === 0 ? 500 : 200,
      durationMs: log % 13 === 0 ? null : log % 4_001,
    });
  });
}
