import { isAscii } from 'node:buffer';
import { Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';

/** Longer lines are not kept in memory: they have no bytes and `tooLong` is true. */
export const MAX_LINE_BYTES = 1_048_576;

/** A line without its line terminator: the bytes from `start` to `end`. */
export interface Line {
  /** Line number, from 1. */
  readonly number: number;
  readonly bytes: Buffer;
  readonly start: number;
  readonly end: number;
  /** How the bytes are decoded: `latin1`, which is faster, only if all are ASCII. */
  readonly encoding: 'latin1' | 'utf8';
  readonly tooLong: boolean;
}

const [NEWLINE, CARRIAGE_RETURN] = [0x0a, 0x0d];
const BYTE_ORDER_MARK = Buffer.from('\uFEFF');
const NO_BYTES = Buffer.alloc(0);

/**
 * Reads the lines of a stream, those of each chunk together. A carriage return at the end of a line and a byte order mark at
 * the start of the first line are left out. A gzip stream is detected by its first bytes and decompressed.
 */
export async function* readLines(source: Readable): AsyncGenerator<Line[]> {
  let number = 0;
  let rest: Buffer[] = [];
  let restBytes = 0;

  const finish = (chunk: Buffer, start: number, end: number, encoding: Line['encoding']): Line => {
    number += 1;
    const length = restBytes + end - start;
    if (length > MAX_LINE_BYTES) {
      rest = [];
      restBytes = 0;
      return { number, bytes: NO_BYTES, start: 0, end: 0, encoding, tooLong: true };
    }
    if (restBytes === 0) return lineOf(number, chunk, start, end, encoding);
    const bytes = Buffer.concat([...rest, chunk.subarray(start, end)]);
    rest = [];
    restBytes = 0;
    return lineOf(number, bytes, 0, length, encodingOf(bytes));
  };

  for await (const chunk of await decompressed(source)) {
    const lines: Line[] = [];
    const encoding = encodingOf(chunk);
    let start = 0;
    for (let end = chunk.indexOf(NEWLINE); end >= 0; end = chunk.indexOf(NEWLINE, start)) {
      lines.push(finish(chunk, start, end, encoding));
      start = end + 1;
    }
    if (lines.length > 0) yield lines;
    const piece = chunk.subarray(start);
    restBytes += piece.length;
    if (restBytes > MAX_LINE_BYTES) rest = [];
    else if (piece.length > 0) rest.push(piece);
  }
  if (restBytes > 0) yield [finish(NO_BYTES, 0, 0, 'latin1')];
}

function encodingOf(bytes: Buffer): Line['encoding'] {
  return isAscii(bytes) ? 'latin1' : 'utf8';
}

function lineOf(number: number, bytes: Buffer, start: number, end: number, encoding: Line['encoding']): Line {
  const isMarked = number === 1 && bytes.subarray(start, end).indexOf(BYTE_ORDER_MARK) === 0;
  const isReturned = end > start && bytes[end - 1] === CARRIAGE_RETURN;
  return {
    number,
    bytes,
    start: isMarked ? start + BYTE_ORDER_MARK.length : start,
    end: isReturned ? end - 1 : end,
    encoding,
    tooLong: false,
  };
}

async function decompressed(source: Readable): Promise<AsyncIterable<Buffer>> {
  const iterator = source[Symbol.asyncIterator]() as AsyncIterator<Buffer>;
  const first: Buffer[] = [];
  for (let length = 0; length < 2; ) {
    const { value, done } = await iterator.next();
    if (done) break;
    first.push(value);
    length += value.length;
  }
  const head = Buffer.concat(first);
  async function* all() {
    if (head.length > 0) yield head;
    for (let next = await iterator.next(); !next.done; next = await iterator.next()) yield next.value;
  }
  if (head[0] !== 0x1f || head[1] !== 0x8b) return all();
  const gunzip = createGunzip();
  const plain = Readable.from(all());
  plain.on('error', (error) => gunzip.destroy(error));
  return plain.pipe(gunzip);
}
