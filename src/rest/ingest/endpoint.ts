import type { Authenticator } from '../../access/authenticator.ts';
import { keyOf, requireScope } from '../../access/viewer.ts';
import { requirePermit } from '../../http/admit.ts';
import { type MemoryBudget, readBody } from '../../http/read-body.ts';
import type { IngestBatch } from '../../ingest/ingest-batch.ts';
import type { Ingest } from '../../ingest/ingest-thread.ts';
import { rateHeaders } from '../../limits/rate-headers.ts';
import { type RateLimits, requireAllowed } from '../../limits/rate-limits.ts';
import { badInput, type ErrorCode, expectedError, RelaylogError } from '../../log/errors.ts';
import { recordCode } from '../../telemetry/call.ts';

export interface IngestParts {
  readonly ingest: Ingest;
  readonly authenticator: Authenticator;
  readonly limits: RateLimits;
  /** Bytes of a body, packed or not. */
  readonly maxBytes: number;
  readonly bodyMemory: MemoryBudget;
  /** Unix milliseconds. */
  now(): number;
  /** Called with each error that was not expected. */
  report(error: unknown): void;
}

/** HTTP status of each error of the ingest endpoint. */
export const INGEST_STATUS: Readonly<Record<ErrorCode, number>> = {
  BAD_USER_INPUT: 400,
  CURSOR_EXPIRED: 400,
  ID_TYPE_MISMATCH: 400,
  UNAUTHENTICATED: 401,
  FORBIDDEN: 403,
  PLAN_LIMIT_EXCEEDED: 403,
  NOT_FOUND: 404,
  PAYLOAD_TOO_LARGE: 413,
  UNSUPPORTED_MEDIA_TYPE: 415,
  RATE_LIMITED: 429,
  INTERNAL_SERVER_ERROR: 500,
  QUERY_TIMEOUT: 503,
  CLIENT_CLOSED_REQUEST: 503,
  UNAVAILABLE: 503,
};

/** Media types of a body and how each is read. */
export const INGEST_FORMATS: Readonly<Record<string, IngestBatch['format']>> = {
  'application/json': 'json',
  'application/x-ndjson': 'ndjson',
  'application/ndjson': 'ndjson',
  'application/jsonl': 'ndjson',
};

/**
 * `POST /ingest/v1/request-logs`: stores a batch and answers after its commit. 200 where every log is kept or some are
 * (`rejected` names the others), 400 where none could be.
 */
export async function ingestResponse(request: Request, parts: IngestParts): Promise<Response> {
  const now = parts.now();
  let rate = parts.limits.untouched('ingest', now);
  const headers = () => rateHeaders('ingest', rate, now);
  try {
    requirePermit();
    const key = keyOf(request.headers, { xApiKey: true });
    if (key === null)
      throw new RelaylogError('UNAUTHENTICATED', 'Send an API key as Authorization: Bearer or X-API-Key.');
    const viewer = await parts.authenticator.viewerOf(key, now);
    rate = await parts.limits.consume('ingest', viewer, 1, now);
    requireAllowed(rate);
    requireScope(viewer, 'logs:write');
    const format = formatOf(request);
    const gzip = isGzip(request);
    using read = await readBody(request, parts.maxBytes, parts.bodyMemory);
    const body = read.bytes;
    if (body.length === 0)
      throw badInput('The body is empty: send a JSON array of logs, or one log a line as NDJSON.');
    const { organizationId } = viewer;
    const result = await parts.ingest.ingest({ organizationId, body, format, gzip, now });
    const nothingKept = result.received > 0 && result.rejected.length === result.received;
    const status = nothingKept ? INGEST_STATUS.BAD_USER_INPUT : 200;
    return Response.json(result, { status, headers: headers() });
  } catch (error) {
    const { code, message, retryAfter } = expectedError(error, parts.report);
    recordCode(code);
    const again = retryAfter === null ? {} : { 'retry-after': String(retryAfter) };
    return Response.json(
      { error: { code, message } },
      { status: INGEST_STATUS[code], headers: { ...headers(), ...again } },
    );
  }
}

function formatOf(request: Request): IngestBatch['format'] {
  const type = (request.headers.get('content-type') ?? '').split(';')[0]!.trim().toLowerCase();
  if (Object.hasOwn(INGEST_FORMATS, type)) return INGEST_FORMATS[type]!;
  const accepted = Object.keys(INGEST_FORMATS).join(', ');
  throw new RelaylogError('UNSUPPORTED_MEDIA_TYPE', `Content-Type must be one of ${accepted}.`);
}

function isGzip(request: Request): boolean {
  const encoding = (request.headers.get('content-encoding') ?? 'identity').trim().toLowerCase();
  if (encoding === 'gzip' || encoding === 'identity') return encoding === 'gzip';
  throw new RelaylogError('UNSUPPORTED_MEDIA_TYPE', 'Content-Encoding must be gzip or identity.');
}
