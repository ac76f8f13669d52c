import { createHash } from 'node:crypto';
import { batchesOf } from './scan.ts';
import type { Store } from './store.ts';

/** A digest of all logs of an organization with their payloads, in order of time. */
export interface Digest {
  /** Number of logs. */
  readonly logs: number;
  /** SHA-256 in hexadecimal. */
  readonly digest: string;
}

/**
 * Computes the digest of an organization's logs and payloads. Equal rows have equal digests in every store.
 *
 * @param batchSize number of logs per read.
 * @param onProgress called after each batch with the number of logs so far.
 */
export async function digestOf(
  store: Store,
  organizationId: string,
  batchSize: number,
  onProgress: (logs: number) => void = () => {},
): Promise<Digest> {
  const hash = createHash('sha256');
  let logs = 0;
  for await (const batch of batchesOf(store, organizationId, undefined, batchSize)) {
    for (const { log, payload } of batch) {
      const fields = Object.entries(log).sort(([a], [b]) => (a < b ? -1 : 1));
      hash.update(JSON.stringify([fields, payload])).update('\n');
    }
    logs += batch.length;
    onProgress(logs);
  }
  return { logs, digest: hash.digest('hex') };
}
