import type { MemoryBudget } from '../limits/memory-budget.ts';
import { badInput, RelaylogError } from '../log/errors.ts';

/** A request's body; its bytes go back to the budget when it is disposed of. */
export interface ReadBody extends Disposable {
  readonly bytes: Uint8Array;
}

/**
 * The whole body of a request, held in memory up to a limit.
 *
 * @throws RelaylogError PAYLOAD_TOO_LARGE as soon as the limit is passed; UNAVAILABLE as soon as the budget of
 * all bodies is; BAD_USER_INPUT if the client broke off.
 */
export async function readBody(request: Request, maxBytes: number, budget: MemoryBudget): Promise<ReadBody> {
  const tooLarge = () => new RelaylogError('PAYLOAD_TOO_LARGE', `The body is longer than ${maxBytes} bytes.`);
  const announced = request.headers.get('content-length');
  if (Number(announced ?? 0) > maxBytes) throw tooLarge();
  let length = 0;
  const take = (bytes: number) => {
    if (length + bytes > maxBytes) throw tooLarge();
    budget.take(bytes);
    length += bytes;
  };
  try {
    const bytes =
      announced !== null && Number(announced) <= ONE_PIECE_BYTES
        ? await readAtOnce(request, Number(announced), take)
        : await readInChunks(request, take);
    return { bytes, [Symbol.dispose]: () => budget.give(length) };
  } catch (error) {
    budget.give(length);
    throw error instanceof RelaylogError ? error : badInput('The body ended too early.');
  }
}

/** A body announced as no longer than this is taken from the budget before it comes, and is read without a stream: far faster. */
const ONE_PIECE_BYTES = 65_536;

async function readAtOnce(request: Request, announced: number, take: (bytes: number) => void) {
  take(announced);
  const bytes = new Uint8Array(await request.arrayBuffer());
  take(Math.max(0, bytes.length - announced));
  return bytes;
}

async function readInChunks(request: Request, take: (bytes: number) => void) {
  const chunks: Uint8Array[] = [];
  for await (const chunk of request.body ?? []) {
    take(chunk.length);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}
