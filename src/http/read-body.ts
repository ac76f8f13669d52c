import type { MemoryBudget } from '../limits/memory-budget.ts';
import { badInput, RelaylogError } from '../log/errors.ts';

/** A request body. Disposing of it releases its bytes from the memory budget. */
export interface ReadBody extends Disposable {
  readonly bytes: Uint8Array;
}

/**
 * Reads the whole body of a request into memory.
 *
 * @throws RelaylogError PAYLOAD_TOO_LARGE as soon as the body exceeds `maxBytes`; UNAVAILABLE as soon as all bodies exceed
 * the budget; BAD_USER_INPUT if the client aborts the body.
 */
export async function readBody(request: Request, maxBytes: number, budget: MemoryBudget): Promise<ReadBody> {
  const tooLarge = () => new RelaylogError('PAYLOAD_TOO_LARGE', `The body is longer than ${maxBytes} bytes.`);
  const contentLength = request.headers.get('content-length');
  if (Number(contentLength ?? 0) > maxBytes) throw tooLarge();
  let length = 0;
  const reserve = (bytes: number) => {
    if (length + bytes > maxBytes) throw tooLarge();
    budget.reserve(bytes);
    length += bytes;
  };
  try {
    const bytes =
      contentLength !== null && Number(contentLength) <= MAX_BYTES_AT_ONCE
        ? await readAtOnce(request, Number(contentLength), reserve)
        : await readInChunks(request, reserve);
    return { bytes, [Symbol.dispose]: () => budget.release(length) };
  } catch (error) {
    budget.release(length);
    throw error instanceof RelaylogError ? error : badInput('The body ended before it was complete.');
  }
}

/**
 * A body whose Content-Length is at most this is reserved in advance and read in one piece, which is much faster than reading
 * a stream.
 */
const MAX_BYTES_AT_ONCE = 65_536;

async function readAtOnce(request: Request, contentLength: number, reserve: (bytes: number) => void) {
  reserve(contentLength);
  const bytes = new Uint8Array(await request.arrayBuffer());
  reserve(Math.max(0, bytes.length - contentLength));
  return bytes;
}

async function readInChunks(request: Request, reserve: (bytes: number) => void) {
  const chunks: Uint8Array[] = [];
  for await (const chunk of request.body ?? []) {
    reserve(chunk.length);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}
