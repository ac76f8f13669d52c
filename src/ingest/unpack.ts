import { isUtf8 } from 'node:buffer';
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import { freeMemory } from '../lib/free-memory.ts';
import { badInput, RelaylogError } from '../log/errors.ts';

const gunzipAsync = promisify(gunzip);

/** The decompressed body. Disposing of it frees its memory at once, without a garbage collection. */
export interface Unpacked extends Disposable {
  readonly bytes: Buffer;
}

/**
 * Decompresses a body in another thread, frees the compressed body, and checks that the result is UTF-8.
 *
 * @throws RelaylogError PAYLOAD_TOO_LARGE as soon as more than `maxBytes` are decompressed; BAD_USER_INPUT if the body is
 * not valid gzip or not UTF-8.
 */
export async function unpack(body: Uint8Array, gzip: boolean, maxBytes: number): Promise<Unpacked> {
  const bytes = gzip
    ? await unpacked(body, maxBytes).finally(() => freeMemory(body))
    : Buffer.from(body.buffer, body.byteOffset, body.byteLength);
  const dispose = () => freeMemory(bytes, gzip ? pieceBytes(maxBytes) : body.length);
  if (isUtf8(bytes)) return { bytes, [Symbol.dispose]: dispose };
  dispose();
  throw badInput('The body is not well-formed UTF-8.');
}

async function unpacked(body: Uint8Array, maxBytes: number): Promise<Buffer> {
  try {
    return await gunzipAsync(body, { maxOutputLength: maxBytes, chunkSize: pieceBytes(maxBytes) });
  } catch (error) {
    if ((error as { code?: string }).code === 'ERR_BUFFER_TOO_LARGE') {
      throw new RelaylogError('PAYLOAD_TOO_LARGE', `The decompressed body is larger than ${maxBytes} bytes.`);
    }
    throw badInput('The body is not valid gzip, although Content-Encoding is gzip.');
  }
}

/** The whole body is decompressed into one buffer of this size; smaller buffers would have to be copied into another. */
function pieceBytes(maxBytes: number): number {
  return maxBytes + 1;
}
