import { currentCall } from '../telemetry/call.ts';

export interface Answer {
  readonly status?: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/**
 * The response to the request in flight, with its id. Its headers stay a plain object, which the server writes as it is:
 * a `Headers` of them costs more than all that is said in them.
 */
export function respond({ status = 200, headers, body }: Answer): Response {
  const call = currentCall();
  if (call === undefined) return new Response(body, { status, headers });
  const response = new Response(body, {
    status,
    headers: { ...headers, ...requestIdHeader(call.requestId) },
  });
  call.identified = response;
  return response;
}

/** Sees to it that a response carries the id of its request. */
export function identify(response: Response): void {
  const call = currentCall()!;
  const { identified } = call;
  // A connection may keep its last call, and with it the whole answer.
  call.identified = null;
  if (identified === response) return;
  for (const [name, value] of Object.entries(requestIdHeader(call.requestId)))
    response.headers.set(name, value);
}

function requestIdHeader(requestId: string): Readonly<Record<string, string>> {
  return { 'x-request-id': requestId };
}
