import type { RecordedRequest } from '../../src/log/request-log.ts';
import { SAMPLE_TIME, sampleLog } from '../store/samples.ts';

export const BATCH_SIZE = 100;

/** The n-th batch of an endless sequence of logs with payloads, one log per second. */
export function ingestBatch(n: number, organizationId = 'killed'): RecordedRequest[] {
  return Array.from({ length: BATCH_SIZE }, (_, i) => {
    const number = n * BATCH_SIZE + i;
    const createdAt = SAMPLE_TIME + number * 1_000;
    return {
      log: sampleLog({ organizationId, requestId: `r${number}`, createdAt }),
      payload: {
        requestHeaders: {},
        requestBody: 'x'.repeat(500),
        responseHeaders: null,
        responseBody: number,
      },
    };
  });
}
