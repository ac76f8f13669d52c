import type { LogField } from '../../../src/log/fields.ts';
import type { RequestLogDimension } from '../__generated__/useValuesQuery.graphql';

/** The fields by which the API groups logs, and what it calls them as dimensions. */
export const DIMENSIONS = {
  apiKeyId: 'API_KEY_ID',
  authType: 'AUTH_TYPE',
  consumerId: 'CONSUMER_ID',
  endpointType: 'ENDPOINT_TYPE',
  errorType: 'ERROR_TYPE',
  host: 'HOST',
  method: 'METHOD',
  routePattern: 'ROUTE_PATTERN',
  service: 'SERVICE',
  statusClass: 'STATUS_CLASS',
  statusCode: 'STATUS_CODE',
} as const satisfies Partial<Record<LogField | 'statusClass', RequestLogDimension>>;
