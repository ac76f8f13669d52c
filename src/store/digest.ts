import { createHash } from 'node:crypto';
import { arrayLiteral } from '../lib/generated-literal.ts';
import { LOG_FIELDS } from '../log/fields.ts';
import type { RecordedRequest, RequestLog } from '../log/request-log.ts';
import { batchesOf } from './scan.ts';
import type { Store } from './store.ts';

/** A digest of all logs of an organization with their payloads, in order of time. */
export interface Digest {
  /** Number of logs. */
  readonly logs: number;
  /** SHA-256 in hexadecimal. */
  readonly digest: string;
}

/** Computes a digest from logs and payloads as they are read. Equal rows have equal digests in every store. */
export class DigestBuilder {
  readonly #hash = createHash('sha256');
  #logs = 0;

  add(batch: readonly RecordedRequest[]): void {
    for (const { log, payload } of batch) this.#hash.update(`${JSON.stringify([entriesOf(log), payload])}\n`);
    this.#logs += batch.length;
  }

  /** Call it once, at the end. */
  get digest(): Digest {
    return { logs: this.#logs, digest: this.#hash.digest('hex') };
  }
}

/** The names and values of a log in the order of the names, whatever order a store returns them in. */
const entriesOf = arrayLiteral<(log: RequestLog) => unknown[]>(
  ['log'],
  ['id', 'organizationId', ...LOG_FIELDS].sort().map((name) => `["${name}", log.${name}]`),
);

/**
 * Computes the digest of an organization's logs and payloads.
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
  const digest = new DigestBuilder();
  let logs = 0;
  for await (const batch of batchesOf(store, organizationId, undefined, batchSize)) {
    digest.add(batch);
    logs += batch.length;
    onProgress(logs);
  }
  return digest.digest;
}
