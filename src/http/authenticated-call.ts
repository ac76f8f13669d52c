import { keyOf, requireScope } from '../access/viewer.ts';
import { ViewerLogs } from '../access/viewer-logs.ts';
import { Charge } from '../limits/charge.ts';
import { API_RATES } from '../limits/rates.ts';
import { RelaylogError, toRelaylogError } from '../log/errors.ts';
import { currentCall, recordCode } from '../telemetry/call.ts';
import { requirePermit, requirePermitOf } from './admit.ts';
import { compressed, compressedStream } from './compress.ts';
import type {
  ApiProtocol,
  AuthenticatedCall,
  AuthenticatedEndpoint,
  Params,
  RequestContext,
  Services,
} from './endpoint.ts';
import { type Answer, respond } from './respond.ts';

/** Error message for a missing credential, for APIs that accept a key in either header. */
export const KEY_REQUIRED = 'Send an API key as Authorization: Bearer or X-API-Key.';

/**
 * Handles one request of an authenticated endpoint: checks the API's concurrency limit, the credential, the organization's
 * concurrency limit, the rate limit and the scope, then calls `run`. Errors become responses in the format of the API. All
 * responses have the API's headers.
 */
export async function authenticatedCall(
  request: Request,
  params: Params,
  { protocol, scope }: Pick<AuthenticatedEndpoint, 'protocol' | 'scope'>,
  services: Services,
  run: (call: AuthenticatedCall) => Promise<Answer | Response>,
): Promise<Response> {
  const { authenticator, limits, store, report } = services;
  const now = services.now();
  const { requestId } = currentCall()!;
  const refusal = (error: unknown) => protocol.errorAnswer(error, { request, requestId, report });
  let charge: Charge | null = null;
  let answer: Answer | Response;
  try {
    requirePermit();
    const key = keyOf(request.headers, protocol);
    if (key === null) throw new RelaylogError('UNAUTHENTICATED', protocol.missingKeyMessage);
    const viewer = await authenticator.viewerOf(key, now);
    requirePermitOf(viewer.organizationId);
    charge = new Charge(limits, protocol.api, viewer, services.now);
    // The cost of a query is known only after it is parsed; the endpoint charges it.
    if (API_RATES[protocol.api].counts === 'requests') await charge.payIfUnpaid();
    if (scope !== null) requireScope(viewer, scope);
    const logs = new ViewerLogs(store, viewer, now);
    const cursorSecret = await services.cursorSecret();
    const url = new URL(request.url);
    answer = await run({ request, url, params, viewer, logs, charge, cursorSecret, now, requestId });
  } catch (error) {
    answer = refusal(error);
  }
  try {
    await charge?.payIfUnpaid();
  } catch (error) {
    answer = refusal(error);
  }
  return completed(answer, request, protocol, charge, services);
}

/** Returns an error response as `authenticatedCall` does, for a request without a known caller. */
export async function refuse(
  request: Request,
  protocol: ApiProtocol,
  services: Services,
  error: unknown,
): Promise<Response> {
  const { requestId } = currentCall()!;
  const answer = protocol.errorAnswer(error, { request, requestId, report: services.report });
  return completed(answer, request, protocol, null, services);
}

/** Adds the headers that every response of the API has, and compresses the body. */
async function completed(
  answer: Answer | Response,
  request: Request,
  protocol: ApiProtocol,
  charge: Charge | null,
  { limits, now }: Services,
): Promise<Response> {
  const time = now();
  const rate = charge?.state ?? limits.untouched(protocol.api, time);
  const headers = {
    ...PRIVATE_HEADERS,
    ...(answer.status === 401 && CHALLENGE),
    ...protocol.headers(rate, time, { request, requestId: currentCall()!.requestId }),
  };
  if (!(answer instanceof Response)) {
    const whole = { ...answer, headers: { ...answer.headers, ...headers } };
    return respond(await compressed(whole, request.headers));
  }
  for (const [name, value] of Object.entries(headers)) answer.headers.set(name, value);
  return compressedStream(answer, request.headers);
}

/** Responses depend on the credential and change with every log, so nothing may keep them. */
const PRIVATE_HEADERS = { 'cache-control': 'private, no-store' } as const;
/** RFC 9110, section 11.6.1: a 401 says which credential is accepted. */
const CHALLENGE = { 'www-authenticate': 'Bearer realm="relaylog"' } as const;

const JSON_HEADERS = { 'content-type': 'application/json' } as const;

/** Returns a JSON answer. The default status is 200. */
export function jsonAnswer(body: unknown, status = 200): Answer {
  return { status, headers: JSON_HEADERS, body: JSON.stringify(body) };
}

/**
 * Returns the error answer of a REST API. Expected errors keep their code; others are reported and become
 * INTERNAL_SERVER_ERROR. The first code that is recorded for a request appears in its log line.
 */
export function restErrorAnswer(
  error: unknown,
  { report }: RequestContext,
  shape: (error: RelaylogError) => { readonly status: number; readonly body: unknown },
): Answer {
  const expected = toRelaylogError(error, report);
  recordCode(expected.code);
  const { status, body } = shape(expected);
  const { retryAfter } = expected;
  const answer = jsonAnswer(body, status);
  if (retryAfter === null) return answer;
  return { ...answer, headers: { ...answer.headers, 'retry-after': String(retryAfter) } };
}
