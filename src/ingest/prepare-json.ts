import { type Prepared, type PrepareOptions, prepare } from './prepare.ts';
import type { LogBytes } from './split-batch.ts';

/**
 * Prepares a log that was sent as JSON; see `prepare`.
 *
 * @param bytes well-formed UTF-8, checked by `splitBatch` or `problemOfLog`.
 * @param encoding `latin1`, which is faster, only if all bytes of the log are ASCII.
 */
export function prepareJson(
  bytes: Buffer,
  encoding: 'latin1' | 'utf8',
  { start, end, problem }: LogBytes,
  options: PrepareOptions,
): Prepared {
  if (problem !== null) return { ok: false, reason: problem };
  return prepare(JSON.parse(bytes.toString(encoding, start, end)), options);
}
