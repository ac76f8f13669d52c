import type { Readable } from 'node:stream';
import { RelaylogError } from '../log/errors.ts';
import type { RecordedRequest } from '../log/request-log.ts';
import type { InsertResult } from '../store/store.ts';
import { ACCESS_LOG_FORMATS, type ParsedLine, parseAccessLogLine } from './access-log-line.ts';
import { type Line, MAX_LINE_BYTES, readLines } from './lines.ts';
import { type PrepareOptions, prepare } from './prepare.ts';

export const IMPORT_FORMATS = [...ACCESS_LOG_FORMATS, 'ndjson'] as const;
export type ImportFormat = (typeof IMPORT_FORMATS)[number];

export interface ImportOptions extends PrepareOptions {
  readonly format: ImportFormat;
  insert(batch: readonly RecordedRequest[]): Promise<InsertResult>;
  /** Called for each line that is not stored. */
  onRejected(line: number, reason: string): void;
  /** Called after each batch was committed. */
  onProgress(summary: ImportSummary): void;
}

export interface ImportSummary {
  /** Lines that were not blank. */
  readonly read: number;
  readonly stored: number;
  /** Lines that the organization already had. */
  readonly duplicates: number;
  readonly rejected: number;
  /** Time of the oldest log that was read, in Unix milliseconds; null before there is one. */
  readonly oldest: number | null;
}

const BATCH = 500;
/** Bounds the memory of a batch where lines carry large bodies. */
const BATCH_BYTES = 4_194_304;

/**
 * Stores each line of a stream or reports it. Run again over the same lines, it adds only what is missing. Where the
 * stream or the store fails on the way, what was stored until then is summed up beside the failure.
 */
export async function importLines(
  source: Readable,
  options: ImportOptions,
): Promise<{ summary: ImportSummary; failure: unknown }> {
  const summary = { read: 0, stored: 0, duplicates: 0, rejected: 0, oldest: null as number | null };
  let batch: RecordedRequest[] = [];
  let bytes = 0;
  const prepareOptions = { ...options, orderOf: runningOrder() };

  const flush = async () => {
    if (batch.length > 0) {
      const { stored, duplicates } = await options.insert(batch);
      summary.stored += stored;
      summary.duplicates += duplicates;
      batch = [];
      bytes = 0;
    }
    options.onProgress(summary);
  };
  const reject = (line: number, reason: string) => {
    summary.rejected++;
    options.onRejected(line, reason);
  };

  const take = async (line: Line) => {
    if (!line.tooLong && line.text.trim() === '') return;
    summary.read++;
    if (line.tooLong) {
      reject(line.number, `longer than ${MAX_LINE_BYTES} bytes`);
      return;
    }
    const parsed = parseLine(line.text, options.format);
    const prepared = parsed.ok ? prepare(parsed.input, prepareOptions, parsed.line) : parsed;
    if (!prepared.ok) {
      reject(line.number, prepared.reason);
      return;
    }
    summary.oldest = Math.min(summary.oldest ?? Infinity, prepared.recorded.log.createdAt);
    batch.push(prepared.recorded);
    bytes += line.text.length;
    if (batch.length >= BATCH || bytes >= BATCH_BYTES) await flush();
  };

  try {
    for await (const line of readLines(source)) await take(line);
    await flush();
    return { summary, failure: null };
  } catch (failure) {
    // What was read before the stream broke is good; what the store refused would be refused again.
    if (!(failure instanceof RelaylogError)) await flush();
    return { summary, failure };
  }
}

/** Counts logs that follow each other with the same time. */
function runningOrder(): (createdAt: number) => number {
  let last = { createdAt: -1, order: 0 };
  return (createdAt) => {
    last = { createdAt, order: createdAt === last.createdAt ? last.order + 1 : 0 };
    return last.order;
  };
}

function parseLine(text: string, format: ImportFormat): ParsedLine & { readonly line?: string } {
  if (format !== 'ndjson') return { ...parseAccessLogLine(text, format), line: text };
  try {
    return { ok: true, input: JSON.parse(text) };
  } catch {
    return { ok: false, reason: 'not JSON' };
  }
}
