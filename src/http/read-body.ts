import type { MemoryBudget } from '../limits/memory-budget.ts';
import { badInput, RelaylogError } from '../log/errors.ts';
import { readLargeBody } from './large-body.ts';

/** A request body. Disposing of it releases its bytes from the memory budget. */
export interface ReadBody extends Disposable {
  readonly bytes: Uint8Array;
}

/**
 * Reads the whole body of a request into memory. If the request has a Content-Length, that many bytes are reserved before
 * the first byte is read, so a body whose first bytes were accepted is never rejected for lack of memory.
 *
 * @throws RelaylogError PAYLOAD_TOO_LARGE as soon as the body exceeds `maxBytes`; UNAVAILABLE as soon as all bodies exceed
 * the budget; BAD_USER_INPUT if the client aborts the body.
 */
export async function readBody(request: Request, maxBytes: number, budget: MemoryBudget): Promise<ReadBody> {
  const contentLength = Number(request.headers.get('content-length') ?? 0);
  let reserved = 0;
  const reserve = (bytes: number) => {
    if (bytes > maxBytes) {
      throw new RelaylogError('PAYLOAD_TOO_LARGE', `The body is longer than ${maxBytes} bytes.`);
    }
    if (bytes <= reserved) return;
    budget.reserve(bytes - reserved);
    reserved = bytes;
  };
  try {
    reserve(contentLength);
    const bytes =
      contentLength > 0 ? await readAtOnce(request, contentLength) : await readInChunks(request, reserve);
    reserve(bytes.length);
    return { bytes, [Symbol.dispose]: () => budget.release(reserved) };
  } catch (error) {
    budget.release(reserved);
    throw error instanceof RelaylogError ? error : badInput('The body ended before it was complete.');
  }
}

/** The HTTP parser delivers at most Content-Length bytes. Reading a stream would be much slower and copy each chunk again. */
async function readAtOnce(request: Request, length: number): Promise<Uint8Array> {
  return (await readLargeBody(request, length)) ?? new Uint8Array(await request.arrayBuffer());
}

async function readInChunks(request: Request, reserve: (bytes: number) => void): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of request.body ?? []) {
    length += chunk.length;
    reserve(length);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}
