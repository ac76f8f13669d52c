import type { LogField } from '../../../src/log/fields.ts';

/** A column of the table: a field of a log, by its name in the API. */
export type ColumnName = Exclude<LogField, 'apiKeyPrefix'>;

/** What a column is called. Also the order in which columns are offered. */
export const COLUMN_LABELS = {
  createdAt: 'Time',
  statusCode: 'Status',
  method: 'Method',
  path: 'Path',
  routePattern: 'Route',
  durationMs: 'Duration',
  service: 'Service',
  consumerId: 'Consumer',
  apiKeyId: 'API key',
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
} as const satisfies Record<ColumnName, string>;

export const COLUMN_NAMES = Object.keys(COLUMN_LABELS) as readonly ColumnName[];
