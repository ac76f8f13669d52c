import { MAX_NESTING } from '../lib/json-depth.ts';
import { type ScannedJson, scanJson, skipBlanks, skipJson } from '../lib/json-scanner.ts';
import { badInput, RelaylogError } from '../log/errors.ts';

export type BatchFormat = 'json' | 'ndjson';

export interface SplitLimits {
  readonly maxLogs: number;
  /** Maximum number of JSON values in one log. */
  readonly maxValues: number;
}

/** The position of one log in a body. */
export interface LogBytes {
  readonly start: number;
  readonly end: number;
  /** Why the log is rejected without being parsed, or null. */
  readonly problem: string | null;
}

/**
 * Finds the logs of a body in one pass, before any of them is parsed. Logs that exceed a limit and lines that are not JSON
 * have a `problem`.
 *
 * @param bytes well-formed UTF-8.
 * @throws RelaylogError PAYLOAD_TOO_LARGE at the first log beyond `maxLogs`; BAD_USER_INPUT if a JSON body is not an array.
 */
export function splitBatch(bytes: Uint8Array, format: BatchFormat, limits: SplitLimits): LogBytes[] {
  const logs: LogBytes[] = [];
  const add = (log: LogBytes) => {
    if (logs.length === limits.maxLogs) {
      throw new RelaylogError(
        'PAYLOAD_TOO_LARGE',
        `A batch may contain at most ${limits.maxLogs} logs: split it into several batches.`,
      );
    }
    logs.push(log);
  };
  const start = BYTE_ORDER_MARK.every((byte, i) => bytes[i] === byte) ? BYTE_ORDER_MARK.length : 0;
  if (format === 'ndjson') splitLines(bytes, start, limits, add);
  else splitArray(bytes, start, limits, add);
  return logs;
}

const BYTE_ORDER_MARK = [0xef, 0xbb, 0xbf];
const [NEWLINE, COMMA, OPEN, CLOSE] = [0x0a, 0x2c, 0x5b, 0x5d];

function splitLines(
  bytes: Uint8Array,
  from: number,
  limits: SplitLimits,
  add: (log: LogBytes) => void,
): void {
  const { length } = bytes;
  // `skipBlanks` also skips blank lines.
  for (let start = skipBlanks(bytes, from, length); start < length; ) {
    const newline = bytes.indexOf(NEWLINE, start);
    const end = newline < 0 ? length : newline;
    add({ start, end, problem: problemOfLog(bytes, start, end, limits.maxValues) });
    start = skipBlanks(bytes, end, length);
  }
}

function splitArray(
  bytes: Uint8Array,
  from: number,
  limits: SplitLimits,
  add: (log: LogBytes) => void,
): void {
  const { length } = bytes;
  const notJson = () => badInput('The body is not JSON.');
  const scanLimits = jsonLimits(limits.maxValues);
  let at = skipBlanks(bytes, from, length);
  if (at < length && bytes[at] !== OPEN) {
    const whole = scanJson(bytes, at, length, scanLimits);
    const end = endOf(bytes, whole);
    const isJson = whole.problem !== 'malformed' && end >= 0 && skipBlanks(bytes, end, length) === length;
    throw isJson ? badInput('The body must be a JSON array of logs.') : notJson();
  }
  at = skipBlanks(bytes, at + 1, length);
  let isLast = bytes[at] === CLOSE;
  while (!isLast) {
    const start = at;
    const scanned = scanJson(bytes, start, length, scanLimits);
    if (scanned.problem === 'malformed') throw notJson();
    const end = endOf(bytes, scanned);
    if (end < 0) throw notJson();
    add({ start, end, problem: problemIn(scanned, limits.maxValues) });
    at = skipBlanks(bytes, end, length);
    isLast = bytes[at] === CLOSE;
    if (!isLast && bytes[at] !== COMMA) throw notJson();
    if (!isLast) at = skipBlanks(bytes, at + 1, length);
  }
  if (skipBlanks(bytes, at + 1, length) < length || at >= length) throw notJson();
}

function endOf(bytes: Uint8Array, { problem, end, depth }: ScannedJson): number {
  return problem === null ? end : skipJson(bytes, end, bytes.length, depth);
}

/** Returns why a text cannot be parsed as a log, or null. */
export function problemOfLog(
  bytes: Uint8Array,
  start: number,
  end: number,
  maxValues: number,
): string | null {
  const scanned = scanJson(bytes, start, end, jsonLimits(maxValues));
  if (scanned.problem === null && skipBlanks(bytes, scanned.end, end) < end) return NOT_JSON;
  return problemIn(scanned, maxValues);
}

function problemIn({ problem }: ScannedJson, maxValues: number): string | null {
  if (problem === null) return null;
  if (problem === 'malformed') return NOT_JSON;
  return problem === 'depth'
    ? `values must be nested at most ${MAX_NESTING} levels deep`
    : `must contain at most ${maxValues} JSON values`;
}

const NOT_JSON = 'not JSON';

/** The log itself is one level and one value more than the limits allow its contents. */
function jsonLimits(maxValues: number) {
  return { maxDepth: MAX_NESTING + 1, maxValues: maxValues + 1 };
}
