import { gunzipSync } from 'node:zlib';
import { decodedUtf8 } from '../lib/utf8.ts';
import { badInput, RelaylogError } from '../log/errors.ts';
import type { Redactor } from '../log/redact.ts';
import type { LogStore } from '../store/store.ts';
import { occurrencesInMemory } from './occurrences.ts';
import { prepare } from './prepare.ts';

/** A request body as it came. */
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
  /** Logs that the organization already had. */
  readonly duplicates: number;
  /** Logs that were not stored: their place in the batch, from 0, and why. */
  readonly rejected: readonly { readonly index: number; readonly reason: string }[];
}

export interface IngestLimits {
  /** Bytes of the body, unpacked. */
  readonly maxBytes: number;
  readonly maxLogs: number;
  /** Bytes of one stored body. */
  readonly bodyLimit: number;
}

/**
 * Stores what is valid of a batch and names what is not; resolves after the commit.
 *
 * @throws RelaylogError BAD_USER_INPUT, PAYLOAD_TOO_LARGE; then nothing was stored.
 */
export async function ingestBatch(
  store: Pick<LogStore, 'insert'>,
  batch: IngestBatch,
  limits: IngestLimits,
  redactor: Redactor,
): Promise<IngestResult> {
  const inputs = splitBody(unpack(batch, limits.maxBytes), batch.format);
  if (inputs.length > limits.maxLogs) {
    throw new RelaylogError(
      'PAYLOAD_TOO_LARGE',
      `A batch holds at most ${limits.maxLogs} logs: send several.`,
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

function unpack({ body, gzip }: IngestBatch, maxBytes: number): Buffer {
  const bytes = Buffer.from(body.buffer, body.byteOffset, body.byteLength);
  if (!gzip) return bytes;
  try {
    return gunzipSync(bytes, { maxOutputLength: maxBytes });
  } catch (error) {
    if ((error as { code?: string }).code === 'ERR_BUFFER_TOO_LARGE') {
      throw new RelaylogError(
        'PAYLOAD_TOO_LARGE',
        `The body is longer than ${maxBytes} bytes when unpacked.`,
      );
    }
    throw badInput('The body is not gzip, although Content-Encoding says so.');
  }
}

const NOT_JSON = Symbol('not JSON');

/** The logs of a body; NOT_JSON in the place of a line that is none. */
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
