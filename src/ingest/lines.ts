import { Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';

/** Longer lines are not kept in memory: their text is empty and `tooLong` is true. */
export const MAX_LINE_BYTES = 1_048_576;

export interface Line {
  /** Line number, from 1. */
  readonly number: number;
  readonly text: string;
  readonly tooLong: boolean;
}

const NEWLINE = 10;

/**
 * Reads the lines of a UTF-8 stream, without line terminators. A gzip stream is detected by its first bytes and
 * decompressed.
 */
export async function* readLines(source: Readable): AsyncGenerator<Line> {
  let number = 0;
  let rest: Buffer[] = [];
  let restBytes = 0;

  const finish = (piece: Buffer): Line => {
    const bytes = restBytes + piece.length;
    const tooLong = bytes > MAX_LINE_BYTES;
    const line = rest.length === 0 ? piece : Buffer.concat([...rest, piece]);
    rest = [];
    restBytes = 0;
    return { number: ++number, text: tooLong ? '' : lineText(line, number), tooLong };
  };

  for await (const chunk of await decompressed(source)) {
    let start = 0;
    for (let end = chunk.indexOf(NEWLINE); end >= 0; end = chunk.indexOf(NEWLINE, start)) {
      yield finish(chunk.subarray(start, end));
      start = end + 1;
    }
    const piece = chunk.subarray(start);
    if (restBytes <= MAX_LINE_BYTES && piece.length > 0) rest.push(piece);
    restBytes += piece.length;
  }
  if (restBytes > 0) yield finish(Buffer.alloc(0));
}

/** Decodes a line, without a carriage return at the end and a byte order mark at the start of the first line. */
function lineText(bytes: Buffer, number: number): string {
  const text = bytes.toString('utf8').replace(/\r$/, '');
  return number === 1 ? text.replace(/^\uFEFF/, '') : text;
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
