/**
 * Frees the memory of bytes at once, without a garbage collection. Nothing may read them later. It may be called again.
 *
 * @param owned the size of the buffer if the bytes are the only ones in it. A buffer of another size is shared, such as Node's
 *   pool, and is not freed. Default: the length of the bytes.
 */
export function freeMemory({ buffer, byteLength }: Uint8Array, owned = byteLength): void {
  if (buffer instanceof ArrayBuffer && !buffer.detached && buffer.byteLength === owned) buffer.transfer(0);
}
