import { gunzipSync } from 'node:zlib';
import { decodedUtf8 } from '../lib/utf8.ts';
import { badInput, RelaylogError } from '../log/errors.ts';
import type { Redactor } from '../log/redact.ts';
import type { LogStore } from '../store/store.ts';
import { occurrencesInMemory } from './occurrences.ts';
import { prepare } from './prepare.ts';

/** The body of an ingest request, still encoded. */
export interface IngestBatch {
  readonly organizationId: string;
  readonly body: Uint8Array;
  readonly format: 'json' | 'ndjson';
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
  readonly rejected: readonly { readonly index: number; readonly reason: string }[];
}

export interface IngestLimits {
  /** Maximum size of the request body in bytes, after decompression. */
  readonly maxBytes: number;
  /** Maximum number of logs in a batch. */
  readonly maxLogs: number;
  /** Maximum size of one stored body in bytes. */
  readonly bodyLimit: number;
}

/**
 * Stores the valid logs of a batch and reports the others in `rejected`. Resolves after the commit.
 *
 * @throws RelaylogError BAD_USER_INPUT, PAYLOAD_TOO_LARGE; in both cases nothing was stored.
 */
export async function ingestBatch(
  store: Pick<LogStore, 'insert'>,
  batch: IngestBatch,
  limits: IngestLimits,
  redactor: Redactor,
): Promise<IngestResult> {
  const inputs = splitBody(decompress(batch, limits.maxBytes), batch.format);
  if (inputs.length > limits.maxLogs) {
    throw new RelaylogError(
      'PAYLOAD_TOO_LARGE',
      `A batch may contain at most ${limits.maxLogs} logs: split it into several batches.`,
    );
  }
  const { organizationId, now } = batch;
  const options = {
    organizationId,
    now,
    redactor,
    bodyLimit: limits.bodyLimit,
    occurrences: occurrencesInMemory(),
  };
  const prepared = inputs.map((input) =>
    input === NOT_JSON ? { ok: false as const, reason: 'not JSON' } : prepare(input, options),
  );
  const valid = prepared.filter((one) => one.ok).map((one) => one.recorded);
  const { stored, duplicates } =
    valid.length === 0 ? { stored: 0, duplicates: 0 } : await store.insert(valid);
  const rejected = prepared.flatMap((one, index) => (one.ok ? [] : [{ index, reason: one.reason }]));
  return { received: inputs.length, stored, duplicates, rejected };
}

function decompress({ body, gzip }: IngestBatch, maxBytes: number): Buffer {
  const bytes = Buffer.from(body.buffer, body.byteOffset, body.byteLength);
  if (!gzip) return bytes;
  try {
    return gunzipSync(bytes, { maxOutputLength: maxBytes });
  } catch (error) {
    if ((error as { code?: string }).code === 'ERR_BUFFER_TOO_LARGE') {
      throw new RelaylogError('PAYLOAD_TOO_LARGE', `The decompressed body is larger than ${maxBytes} bytes.`);
    }
    throw badInput('The body is not valid gzip, although Content-Encoding is gzip.');
  }
}

const NOT_JSON = Symbol('not JSON');

/** The logs of a body, with NOT_JSON in place of each line that is not valid JSON. */
function splitBody(bytes: Buffer, format: 'json' | 'ndjson'): unknown[] {
  const text = decodedUtf8(bytes);
  if (text === null) throw badInput('The body is not well-formed UTF-8.');
  if (format === 'ndjson') {
    const lines = text.split('\n').filter((line) => line.trim() !== '');
    return lines.map(parsed);
  }
  const logs = parsed(text);
  if (logs === NOT_JSON) throw badInput('The body is not JSON.');
  if (!Array.isArray(logs)) throw badInput('The body must be a JSON array of logs.');
  return logs;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return NOT_JSON;
  }
}
