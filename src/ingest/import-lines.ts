import type { Readable } from 'node:stream';
import { RelaylogError } from '../log/errors.ts';
import type { RecordedRequest } from '../log/request-log.ts';
import type { InsertResult } from '../store/store.ts';
import { ACCESS_LOG_FORMATS, type ParsedLine, parseAccessLogLine } from './access-log-line.ts';
import { type Line, MAX_LINE_BYTES, readLines } from './lines.ts';
import { type PrepareOptions, prepare } from './prepare.ts';
import { problemOfLog } from './split-batch.ts';

export const IMPORT_FORMATS = [...ACCESS_LOG_FORMATS, 'ndjson'] as const;
export type ImportFormat = (typeof IMPORT_FORMATS)[number];

export interface ImportOptions extends PrepareOptions {
  readonly format: ImportFormat;
  /** Elements and members in one line of NDJSON. */
  readonly maxValues: number;
  insert(batch: readonly RecordedRequest[]): Promise<InsertResult>;
  /** Called for each line that is not stored. */
  onRejected(line: number, reason: string): void;
  /** Called after each batch is committed. */
  onProgress(summary: ImportSummary): void;
}

export interface ImportSummary {
  /** Lines that are not blank. */
  readonly read: number;
  readonly stored: number;
  /** Lines whose log was already stored. */
  readonly duplicates: number;
  readonly rejected: number;
  /** Time of the oldest log in Unix milliseconds; null if no log was read. */
  readonly oldest: number | null;
}

const BATCH = 500;
/** Bounds the memory of a batch of lines with large bodies. */
const BATCH_BYTES = 4_194_304;

/**
 * Stores or rejects each line of a stream. Importing the same lines again adds only the missing logs.
 *
 * @returns the summary, and the error if the stream or the store failed (otherwise null). The summary then counts the
 *   lines up to the failure.
 */
export async function importLines(
  source: Readable,
  options: ImportOptions,
): Promise<{ summary: ImportSummary; failure: unknown }> {
  const summary = { read: 0, stored: 0, duplicates: 0, rejected: 0, oldest: null as number | null };
  let batch: RecordedRequest[] = [];
  let bytes = 0;
  const prepareOptions = { ...options, orderOf: orderWithinTime() };

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
    const parsed = parseLine(line.text, options);
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
    // If the stream failed, the lines that were read are valid. If the store failed, it would fail again.
    if (!(failure instanceof RelaylogError)) await flush();
    return { summary, failure };
  }
}

/** Returns the position of each log among consecutive logs with the same time, from 0. */
function orderWithinTime(): (createdAt: number) => number {
  let last = { createdAt: -1, order: 0 };
  return (createdAt) => {
    last = { createdAt, order: createdAt === last.createdAt ? last.order + 1 : 0 };
    return last.order;
  };
}

function parseLine(
  text: string,
  { format, maxValues }: Pick<ImportOptions, 'format' | 'maxValues'>,
): ParsedLine & { readonly line?: string } {
  if (format !== 'ndjson') return { ...parseAccessLogLine(text, format), line: text };
  const bytes = Buffer.from(text);
  const problem = problemOfLog(bytes, 0, bytes.length, maxValues);
  return problem === null ? { ok: true, input: JSON.parse(text) } : { ok: false, reason: problem };
}
