import { badInput, RelaylogError } from '../log/errors.ts';

/**
 * The whole body of a request, held in memory up to a limit.
 *
 * @throws RelaylogError PAYLOAD_TOO_LARGE as soon as the limit is passed; BAD_USER_INPUT where the client broke off.
 */
export async function readBody(request: Request, maxBytes: number): Promise<Uint8Array> {
  const tooLarge = () => new RelaylogError('PAYLOAD_TOO_LARGE', `The body is longer than ${maxBytes} bytes.`);
  if (Number(request.headers.get('content-length') ?? 0) > maxBytes) throw tooLarge();
  const chunks: Uint8Array[] = [];
  let length = 0;
  try {
    for await (const chunk of request.body ?? []) {
      length += chunk.length;
      if (length > maxBytes) throw tooLarge();
      chunks.push(chunk);
    }
  } catch (error) {
    throw error instanceof RelaylogError ? error : badInput('The body ended too early.');
  }
  return Buffer.concat(chunks);
}
