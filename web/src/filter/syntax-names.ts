import type { LogField } from '../../../src/log/fields.ts';

/** Names of the fields of a log, those that are used most first. Texts are written with the first name; the name in the API is read as well. */
export const FIELD_NAMES: Readonly<Record<LogField, readonly [string, ...string[]]>> = {
  statusCode: ['status', 'code'],
  method: ['method', 'verb'],
  routePattern: ['route'],
  path: ['path', 'url'],
  durationMs: ['duration', 'latency'],
  errorType: ['error'],
  errorDetail: ['detail', 'message'],
  apiKeyId: ['key'],
  apiKeyPrefix: ['keyPrefix', 'prefix'],
  consumerId: ['consumer', 'customer'],
  service: ['service'],
  endpointType: ['type', 'endpoint'],
  authType: ['auth'],
  host: ['host'],
  requestId: ['id', 'request'],
  traceId: ['trace'],
  ipAddress: ['ip'],
  userAgent: ['agent', 'ua'],
  billedUnits: ['units', 'billed'],
  requestBytes: ['requestBytes', 'requestSize'],
  responseBytes: ['responseBytes', 'bytes', 'size'],
  createdAt: ['time', 'created'],
  receivedAt: ['received'],
};

/** Fields of the filter that are not fields of a log. */
export const OTHER_FIELDS = [
  {
    field: 'statusClass',
    name: 'class',
    aliases: [],
    kind: 'statusClass',
    description: 'Class of the status code, such as `4xx`.',
  },
  {
    field: 'outcome',
    name: 'outcome',
    aliases: [],
    kind: 'outcome',
    description: 'Outcome of the request: success, client_error or server_error.',
  },
  {
    field: 'search',
    name: 'search',
    aliases: ['text'],
    kind: 'text',
    description: 'The path or the request id contains this text.',
  },
] as const;
