import { badInput, RelaylogError } from '../log/errors.ts';

/** Room for the bodies of all requests together, in bytes. */
export class MemoryBudget {
  readonly #maxBytes: number;
  #used = 0;

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  /** Bytes of bodies that are held now. */
  get used(): number {
    return this.#used;
  }

  /** @throws RelaylogError UNAVAILABLE where there is no room; then nothing was taken. */
  take(bytes: number): void {
    if (this.#used + bytes > this.#maxBytes) {
      throw new RelaylogError('UNAVAILABLE', 'Too many bodies are being read: try again later.', {
        retryAfter: 1,
      });
    }
    this.#used += bytes;
  }

  give(bytes: number): void {
    this.#used -= bytes;
  }
}

/** A request's body; its room is free again when it is disposed of. */
export interface ReadBody extends Disposable {
  readonly bytes: Uint8Array;
}

/**
 * The whole body of a request, held in memory up to a limit.
 *
 * @throws RelaylogError PAYLOAD_TOO_LARGE as soon as the limit is passed; UNAVAILABLE as soon as the room for all bodies
 * is; BAD_USER_INPUT where the client broke off.
 */
export async function readBody(request: Request, maxBytes: number, room: MemoryBudget): Promise<ReadBody> {
  const tooLarge = () => new RelaylogError('PAYLOAD_TOO_LARGE', `The body is longer than ${maxBytes} bytes.`);
  const announced = request.headers.get('content-length');
  if (Number(announced ?? 0) > maxBytes) throw tooLarge();
  let length = 0;
  const take = (bytes: number) => {
    if (length + bytes > maxBytes) throw tooLarge();
    room.take(bytes);
    length += bytes;
  };
  try {
    const bytes =
      announced !== null && Number(announced) <= ONE_PIECE_BYTES
        ? await readAtOnce(request, Number(announced), take)
        : await readInChunks(request, take);
    return { bytes, [Symbol.dispose]: () => room.give(length) };
  } catch (error) {
    room.give(length);
    throw error instanceof RelaylogError ? error : badInput('The body ended too early.');
  }
}

/** A body announced as no longer than this has its room before it comes, and is read without a stream: far faster. */
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
