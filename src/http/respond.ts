import { currentCall } from '../telemetry/call.ts';

/** A response that has not been created yet. The default status is 200. */
export interface Answer {
  readonly status?: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | Buffer<ArrayBuffer>;
}

/**
 * Creates the response to the current request, with the request's id. The headers are passed as a plain object, which the
 * server writes directly; creating a `Headers` object for each response is expensive.
 */
export function respond({ status = 200, headers: given, body }: Answer): Response {
  const headers = { ...given, 'content-length': String(Buffer.byteLength(body)) };
  const call = currentCall();
  if (call === undefined) return new Response(body, { status, headers });
  const response = new Response(body, {
    status,
    headers: Object.assign(headers, requestIdHeader(call.requestId)),
  });
  call.identified = response;
  return response;
}

/** Sets the request id on a response if `respond` has not done so. */
export function identify(response: Response): void {
  const call = currentCall()!;
  const { identified } = call;
  // A kept-alive connection can hold a reference to its last call, and so to the whole response.
  call.identified = null;
  if (identified === response) return;
  for (const [name, value] of Object.entries(requestIdHeader(call.requestId)))
    response.headers.set(name, value);
}

function requestIdHeader(requestId: string): Readonly<Record<string, string>> {
  return { 'x-request-id': requestId };
}
