import { createHash } from 'node:crypto';
import { batchesOf } from './scan.ts';
import type { Store } from './store.ts';

/** All logs of an organization, in the order of their time, with their payloads. */
export interface Digest {
  readonly logs: number;
  /** SHA-256 in hexadecimal. */
  readonly digest: string;
}

/**
 * The digest of an organization's logs and payloads: the same for the same rows, whichever store has them.
 *
 * @param onProgress called after each batch with the logs so far.
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
