import { formatRfc3339 } from '../../lib/date-time.ts';
import type { LogField } from '../../log/fields.ts';
import { formatRequestId } from '../../log/request-id.ts';
import type { LogWith, RequestLog } from '../../log/request-log.ts';
import { z } from '../zod.ts';

/* Response schemas of the contract. The order of the keys here is their order in the response. */

const object = z.literal('request_log');
const row = {
  method: z.string(),
  path: z.string(),
  status_code: z.int(),
  duration_ms: z.int(),
  endpoint_type: z.string().nullable(),
  billed_units: z.int(),
  api_key_prefix: z.string().nullable(),
  error_type: z.string().nullable(),
  error_detail: z.string().nullable(),
  created_at: z.string().openapi({ format: 'date-time' }),
};

const signaRow = z.object({ object, request_id: z.string(), ...row }).openapi('SignaRequestLog');

export const signaDetail = z
  .object({ id: z.string(), object, ...row, request_id: z.string() })
  .openapi('SignaRequestLogDetail');

export const signaList = z
  .object({
    object: z.literal('list'),
    data: z.array(signaRow),
    has_more: z.boolean(),
    pagination: z.object({
      cursor: z.string().nullable(),
      total_count: z.int().optional(),
      total_count_approximate: z.boolean().optional(),
    }),
    request_id: z.string(),
  })
  .openapi('SignaRequestLogs');

export const signaError = z
  .object({
    error: z.object({
      type: z.string(),
      title: z.string(),
      status: z.int(),
      detail: z.string(),
      instance: z.string(),
      suggestion: z.string(),
      retryable: z.boolean(),
      retry_after: z.int().nullable(),
    }),
    request_id: z.string(),
  })
  .openapi('SignaError');

/** The fields that a row is built from. */
export const SIGNA_ROW_FIELDS = [
  'requestId',
  'method',
  'path',
  'statusCode',
  'durationMs',
  'endpointType',
  'billedUnits',
  'apiKeyPrefix',
  'errorType',
  'errorDetail',
] as const satisfies readonly LogField[];

export function toSignaRow(log: LogWith<(typeof SIGNA_ROW_FIELDS)[number]>): z.output<typeof signaRow> {
  return {
    object: 'request_log',
    request_id: formatRequestId(log.requestId),
    method: log.method,
    path: log.path,
    status_code: log.statusCode,
    duration_ms: log.durationMs ?? 0,
    endpoint_type: log.endpointType,
    billed_units: log.billedUnits,
    api_key_prefix: log.apiKeyPrefix,
    error_type: log.errorType,
    error_detail: log.errorDetail,
    created_at: formatRfc3339(log.createdAt),
  };
}

/** @param requestId the id of the current request, not of the log. */
export function toSignaDetail(log: RequestLog, requestId: string): z.output<typeof signaDetail> {
  const { object: _, request_id: id, ...rest } = toSignaRow(log);
  return { id, object: 'request_log', ...rest, request_id: requestId };
}
