import { isUtf8 } from 'node:buffer';
import type { Readable } from 'node:stream';
import { BatchWriter } from '../store/batch-writer.ts';
import type { Store } from '../store/store.ts';
import { ACCESS_LOG_FORMATS, parseAccessLogLine } from './access-log-line.ts';
import { type Line, MAX_LINE_BYTES, readLines } from './lines.ts';
import { type Prepared, type PrepareOptions, prepare } from './prepare.ts';
import { prepareJson } from './prepare-json.ts';
import { problemOfLog } from './split-batch.ts';

export const IMPORT_FORMATS = [...ACCESS_LOG_FORMATS, 'ndjson'] as const;
export type ImportFormat = (typeof IMPORT_FORMATS)[number];

export interface ImportOptions extends PrepareOptions {
  readonly format: ImportFormat;
  /** Elements and members in one line of NDJSON. */
  readonly maxValues: number;
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

const [SPACE, DELETE] = [0x20, 0x7f];

/**
 * Stores or rejects each line of a stream. Importing the same lines again adds only the missing logs.
 *
 * @returns the summary, and the error if the stream or the store failed (otherwise null). The summary then counts the
 *   lines up to the failure.
 */
export async function importLines(
  source: Readable,
  store: Pick<Store, 'insert' | 'capabilities'>,
  options: ImportOptions,
): Promise<{ summary: ImportSummary; failure: unknown }> {
  const summary = { read: 0, stored: 0, duplicates: 0, rejected: 0, oldest: null as number | null };
  const prepareOptions = { ...options, orderOf: orderWithinTime() };
  const logs = new BatchWriter(store, options.organizationId, ({ stored, duplicates }) => {
    summary.stored += stored;
    summary.duplicates += duplicates;
    options.onProgress(summary);
  });

  const take = (line: Line) => {
    if (isBlank(line)) return;
    summary.read++;
    const prepared = prepareLine(line, options, prepareOptions);
    if (!prepared.ok) {
      summary.rejected++;
      options.onRejected(line.number, prepared.reason);
      return;
    }
    summary.oldest = Math.min(summary.oldest ?? Infinity, prepared.recorded.log.createdAt);
    logs.add(prepared.recorded);
  };

  try {
    for await (const lines of readLines(source)) {
      for (const line of lines) take(line);
      if (logs.isDue) await logs.send();
    }
    await logs.end();
    options.onProgress(summary);
    return { summary, failure: null };
  } catch (failure) {
    // If the stream failed, the lines that were read are valid. If the store failed, this throws the same error again.
    await logs.end().catch(() => undefined);
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

function prepareLine(line: Line, { format, maxValues }: ImportOptions, options: PrepareOptions): Prepared {
  if (line.tooLong) return { ok: false, reason: `longer than ${MAX_LINE_BYTES} bytes` };
  if (format === 'ndjson') return prepareJsonLine(line, maxValues, options);
  const text = textOf(line);
  const parsed = parseAccessLogLine(text, format);
  return parsed.ok ? prepare(parsed.input, options, text) : parsed;
}

function prepareJsonLine(line: Line, maxValues: number, options: PrepareOptions): Prepared {
  const { bytes, start, end, encoding } = wellFormed(line);
  const problem = problemOfLog(bytes, start, end, maxValues);
  return prepareJson(bytes, encoding, { start, end, problem }, options);
}

/** The line with U+FFFD in place of bytes that are not UTF-8. */
function wellFormed(line: Line): Line {
  if (line.encoding === 'latin1' || isUtf8(line.bytes.subarray(line.start, line.end))) return line;
  const bytes = Buffer.from(textOf(line));
  return { ...line, bytes, start: 0, end: bytes.length };
}

function isBlank(line: Line): boolean {
  const first = line.bytes[line.start]!;
  if (line.tooLong || (line.start < line.end && first > SPACE && first < DELETE)) return false;
  return textOf(line).trim() === '';
}

function textOf({ bytes, start, end, encoding }: Line): string {
  return bytes.toString(encoding, start, end);
}
