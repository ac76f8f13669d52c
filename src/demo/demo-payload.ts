import type { Json, RequestLog, RequestLogPayload } from '../log/request-log.ts';
import { BODIES, type BodySubject, isOmitted, originalBytes } from './demo-bodies.ts';

/** What a proxy answers with for an API server that does not. */
const PROXY_ERROR =
  '<html>\r\n<head><title>503 Service Temporarily Unavailable</title></head>\r\n<body>\r\n<center><h1>503 Service Temporarily Unavailable</h1></center>\r\n</body>\r\n</html>\r\n';

/** Headers and bodies of a request, in the form in which ingest stores them, and the sizes of its bodies. */
export interface DemoPayload {
  readonly payload: RequestLogPayload;
  readonly sizes: Pick<RequestLog, 'requestBytes' | 'responseBytes'>;
}

/** @param found the response body of a request that succeeds. Default: the usual one of its route. */
export function demoPayload(log: RequestLog, subject: BodySubject, found?: Json): DemoPayload {
  const bodies = BODIES[`${log.method} ${log.routePattern}`]!;
  const requestBody = bodies.request?.(subject) ?? null;
  const responseBody = responseBodyOf(log, () => found ?? bodies.response(subject));
  const sizes = { requestBytes: originalBytes(requestBody), responseBytes: originalBytes(responseBody) };
  const payload = {
    requestHeaders: requestHeaders(log, sizes.requestBytes),
    requestBody,
    responseHeaders: responseHeaders(log, responseBody, sizes.responseBytes),
    responseBody,
  };
  return { payload, sizes };
}

function responseBodyOf(
  { statusCode, errorType, errorDetail, requestId }: RequestLog,
  found: () => Json,
): Json {
  if (statusCode === 304) return null;
  if (statusCode === 503) return PROXY_ERROR;
  if (errorType === null) return found();
  return { error: { type: errorType, detail: errorDetail, request_id: `req_${requestId}` } };
}

function requestHeaders(log: RequestLog, bytes: number | null): Json {
  return {
    host: log.host,
    accept: 'application/json',
    'user-agent': log.userAgent,
    authorization: '[REDACTED]',
    ...(log.authType === 'jwt' && { origin: 'https://portal.example.com', cookie: '[REDACTED]' }),
    ...(bytes !== null && { 'content-type': 'application/json', 'content-length': String(bytes) }),
    ...(log.method === 'POST' && { 'idempotency-key': `${log.service}-${log.requestId}` }),
    ...(log.statusCode === 304 && { 'if-none-match': etagOf(log) }),
    ...(log.traceId !== null && { traceparent: `00-${log.traceId}-${log.traceId.slice(9, 25)}-01` }),
  };
}

function responseHeaders(log: RequestLog, body: Json, bytes: number | null): Json {
  const { statusCode } = log;
  const isCacheable = log.method === 'GET' && log.errorType === null;
  return {
    'x-request-id': `req_${log.requestId}`,
    ...(body !== null && { 'content-type': typeOf(body), 'content-length': String(bytes) }),
    'cache-control': isCacheable ? 'private, no-cache' : 'no-store',
    ...(isCacheable && { etag: etagOf(log) }),
    ...(statusCode === 401 && { 'www-authenticate': 'Bearer' }),
    ...((statusCode === 429 || statusCode === 503) && { 'retry-after': '2' }),
  };
}

function typeOf(body: Json): string {
  if (typeof body === 'string') return 'text/html';
  return isOmitted(body) ? body.contentType : 'application/json; charset=utf-8';
}

function etagOf({ requestId }: RequestLog): string {
  return `W/"${requestId.slice(-6)}"`;
}
