import { formatRfc3339 } from '../../lib/date-time.ts';
import type { LogField } from '../../log/fields.ts';
import { formatRequestId } from '../../log/request-id.ts';
import type { Json, LogWith, RequestLog, RequestLogPayload } from '../../log/request-log.ts';
import { z } from '../zod.ts';

/* Response schemas of the contract. The order of the keys here is their order in the response. */

const row = {
  auth_type: z.string().nullable(),
  created_at: z.string().openapi({ format: 'date-time' }),
  duration_ms: z.int(),
  error_code: z.string().nullable(),
  id: z.string().openapi({ format: 'uuid' }),
};
const target = { method: z.string(), path: z.string() };

const scripRow = z
  .object({
    ...row,
    ...target,
    request_id: z.string(),
    route_pattern: z.string().nullable(),
    status_code: z.int(),
  })
  .openapi('ScripRequestLog');

const recordedBody = z.record(z.string(), z.unknown());

export const scripDetail = z
  .object({
    ...row,
    ip_address: z.string().nullable(),
    ...target,
    request_body: recordedBody,
    request_id: z.string(),
    response_body: recordedBody,
    route_pattern: z.string().nullable(),
    status_code: z.int(),
    user_agent: z.string().nullable(),
  })
  .openapi('ScripRequestLogDetail');

export const scripList = z
  .object({
    data: z.array(scripRow),
    pagination: z.object({ has_more: z.boolean(), next_cursor: z.string().nullable() }),
  })
  .openapi('ScripRequestLogs');

export const scripError = z.object({ code: z.string(), message: z.string() }).openapi('ScripError');

/** The fields that a row is built from. */
export const SCRIP_ROW_FIELDS = [
  'authType',
  'durationMs',
  'errorType',
  'method',
  'path',
  'requestId',
  'routePattern',
  'statusCode',
] as const satisfies readonly LogField[];

export function toScripRow(log: LogWith<(typeof SCRIP_ROW_FIELDS)[number]>): z.output<typeof scripRow> {
  return {
    auth_type: log.authType,
    created_at: formatRfc3339(log.createdAt),
    duration_ms: log.durationMs ?? 0,
    error_code: log.errorType,
    id: log.id,
    method: log.method,
    path: log.path,
    request_id: formatRequestId(log.requestId),
    route_pattern: log.routePattern,
    status_code: log.statusCode,
  };
}

export function toScripDetail(
  log: RequestLog,
  payload: RequestLogPayload | null,
): z.output<typeof scripDetail> {
  return {
    auth_type: log.authType,
    created_at: formatRfc3339(log.createdAt),
    duration_ms: log.durationMs ?? 0,
    error_code: log.errorType,
    id: log.id,
    ip_address: log.ipAddress,
    method: log.method,
    path: log.path,
    request_body: asObject(payload?.requestBody ?? null),
    request_id: formatRequestId(log.requestId),
    response_body: asObject(payload?.responseBody ?? null),
    route_pattern: log.routePattern,
    status_code: log.statusCode,
    user_agent: log.userAgent,
  };
}

/** The contract requires an object: null becomes `{}`, and any other value is wrapped as `{ value }`. */
function asObject(body: Json): Record<string, unknown> {
  if (body === null) return {};
  return typeof body === 'object' && !Array.isArray(body) ? body : { value: body };
}
