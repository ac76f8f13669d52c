import type { RequestLog } from '../../src/log/request-log.ts';
import type { TextLimits } from '../../src/store/sqlite/text/limits.ts';
import { SAMPLE_TIME, sampleLog } from '../store/samples.ts';

export const ORGANIZATION = 'acme';
/** Small limits, so that few logs have many signatures. */
export const LIMITS: TextLimits = { signatureLogs: 200, newestLogs: 50, minLogs: 20, maxLate: 8, quietMs: 0 };
/** Number of batches that one process may store. */
export const BATCHES = 1_000_000;
const BATCH_LOGS = 40;
const SPREAD_MS = 1_000_000;
/** Logs before this time may have been purged. */
export const LAST_PURGED = SAMPLE_TIME + SPREAD_MS / 10;
export const WORDS = ['Élan', 'STRASSE', 'orders', 'things', 'Größe'] as const;

/** The logs of a batch: most batches of a process are in order, the others are anywhere. */
export function batchOf(number: number): RequestLog[] {
  return Array.from({ length: BATCH_LOGS }, (_, i) => {
    const inOrder = Math.floor(number / BATCHES) * 4_000 + (number % BATCHES) * BATCH_LOGS + i;
    const place = number % 8 === 0 ? number * 7919 + i * 104_729 : inOrder;
    return sampleLog({
      organizationId: ORGANIZATION,
      requestId: `b${number}-${i}`,
      createdAt: SAMPLE_TIME + (place % SPREAD_MS),
      path: `/v1/${WORDS[(number + i) % WORDS.length]}/${(number * 31 + i) % 1_000}`,
    });
  });
}
