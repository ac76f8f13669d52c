import { isAscii } from 'node:buffer';
import { TimeSlices } from '../lib/time-slices.ts';
import { badInput } from '../log/errors.ts';
import type { Redactor } from '../log/redact/redactor.ts';
import type { RecordedRequest } from '../log/request-log.ts';
import type { LogStore } from '../store/store.ts';
import { emptyBatch } from './empty-batch.ts';
import { occurrencesInMemory } from './occurrences.ts';
import { prepareJson } from './prepare-json.ts';
import { type BatchFormat, type SplitLimits, splitBatch } from './split-batch.ts';
import { unpack } from './unpack.ts';

/** The body of an ingest request, still encoded. Ingest frees its memory. */
export interface IngestBatch {
  readonly organizationId: string;
  readonly body: Uint8Array;
  readonly format: BatchFormat;
  readonly gzip: boolean;
  /** Unix milliseconds. */
  readonly now: number;
}

export interface IngestResult {
  readonly received: number;
  readonly stored: number;
  /** Logs that were already stored. */
  readonly duplicates: number;
  /** Logs that were not stored: their index in the batch, from 0, and the reason. */
  readonly rejected: readonly Rejection[];
}

interface Rejection {
  readonly index: number;
  readonly reason: string;
}

export interface IngestLimits extends SplitLimits {
  /** Maximum size of the request body in bytes, after decompression. */
  readonly maxBytes: number;
  /** Maximum number of rejected logs in a batch whose other logs are stored. */
  readonly maxRejected: number;
}

/** How long the thread works on one batch before it handles other batches, in milliseconds. */
const SLICE_MS = 10;

/**
 * Stores the valid logs of a batch and reports the others in `rejected`. Resolves after the commit.
 *
 * @param newRedactor makes the redactor of this batch.
 * @throws RelaylogError BAD_USER_INPUT, PAYLOAD_TOO_LARGE; in both cases nothing was stored.
 */
export async function ingestBatch(
  store: Pick<LogStore, 'insert'>,
  batch: IngestBatch,
  limits: IngestLimits,
  newRedactor: () => Redactor,
): Promise<IngestResult> {
  const { received, valid, rejected } = await prepareBatch(batch, limits, newRedactor);
  const { stored, duplicates } =
    valid.length === 0
      ? { stored: 0, duplicates: 0 }
      : await store.insert(valid, { ofOrganization: batch.organizationId });
  return { received, stored, duplicates, rejected };
}

/**
 * Parses one log at a time and keeps only its stored form, so a batch never takes much more memory than its text.
 */
async function prepareBatch(batch: IngestBatch, limits: IngestLimits, newRedactor: () => Redactor) {
  const { organizationId, now, format } = batch;
  const { maxRejected } = limits;
  const options = { organizationId, now, redactor: newRedactor(), occurrences: occurrencesInMemory() };
  using unpacked = await unpack(batch.body, batch.gzip, limits.maxBytes);
  const { bytes } = unpacked;
  const logs = splitBatch(bytes, format, limits);
  if (format === 'ndjson' && logs.length === 0) throw emptyBatch();
  const encoding = isAscii(bytes) ? 'latin1' : 'utf8';
  const slices = new TimeSlices(SLICE_MS);
  const valid: RecordedRequest[] = [];
  const rejected: Rejection[] = [];
  for (const [index, log] of logs.entries()) {
    if (slices.isOver) await slices.next();
    const prepared = prepareJson(bytes, encoding, log, options);
    if (prepared.ok) valid.push(prepared.recorded);
    else rejected.push({ index, reason: prepared.reason });
    if (rejected.length > maxRejected) throw tooManyRejected(rejected, maxRejected);
  }
  return { received: logs.length, valid, rejected };
}

function tooManyRejected([first]: readonly Rejection[], maxRejected: number) {
  return badInput(
    `More than ${maxRejected} logs of the batch are invalid, so none was stored. The first one, at index ${first!.index}: ${first!.reason}`,
  );
}
