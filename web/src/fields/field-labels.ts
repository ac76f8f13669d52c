import type { LogField } from '../../../src/log/fields.ts';

/** What the fields of a log are called. Also the order in which the table offers them. */
export const FIELD_LABELS = {
  createdAt: 'Time',
  statusCode: 'Status',
  method: 'Method',
  path: 'Path',
  routePattern: 'Route',
  durationMs: 'Duration',
  service: 'Service',
  consumerId: 'Consumer',
  apiKeyId: 'API key',
  apiKeyPrefix: 'API key prefix',
  errorType: 'Error type',
  errorDetail: 'Error detail',
  host: 'Host',
  requestId: 'Request id',
  traceId: 'Trace id',
  requestBytes: 'Request bytes',
  responseBytes: 'Response bytes',
  billedUnits: 'Billed units',
  authType: 'Auth type',
  endpointType: 'Endpoint type',
  receivedAt: 'Received at',
  ipAddress: 'IP address',
  userAgent: 'User agent',
} as const satisfies Record<LogField, string>;
