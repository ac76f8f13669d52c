import { parseAsStringLiteral, useQueryStates } from 'nuqs';
import type { ErrorsViewQuery$variables } from '../__generated__/ErrorsViewQuery.graphql';

export type Dimension = ErrorsViewQuery$variables['by'][number];

/** By what errors are grouped, by the name in the URL. The API groups by at most three dimensions. */
export const GROUPINGS = {
  error: { label: 'Route, status and error', by: ['ROUTE_PATTERN', 'STATUS_CODE', 'ERROR_TYPE'] },
  method: { label: 'Method, route and status', by: ['METHOD', 'ROUTE_PATTERN', 'STATUS_CODE'] },
  route: { label: 'Route', by: ['ROUTE_PATTERN'] },
  type: { label: 'Status and error', by: ['STATUS_CODE', 'ERROR_TYPE'] },
} as const satisfies Record<string, { label: string; by: readonly Dimension[] }>;

/** Which errors are shown, by the name in the URL. */
export const KINDS = {
  all: { label: 'All errors', filter: { statusClass: { in: ['4xx', '5xx'] } } },
  server: { label: 'Server errors', filter: { statusClass: { eq: '5xx' } } },
  client: { label: 'Client errors', filter: { statusClass: { eq: '4xx' } } },
} as const;

export const ORDERS = ['count', 'last', 'affected'] as const;
export type Order = (typeof ORDERS)[number];

/** Names of an object's properties, in their order. */
export const keysOf = <T extends object>(object: T) => Object.keys(object) as (keyof T & string)[];

const PARAMETERS = {
  group: parseAsStringLiteral(keysOf(GROUPINGS)).withDefault('error'),
  errors: parseAsStringLiteral(keysOf(KINDS)).withDefault('all'),
  order: parseAsStringLiteral(ORDERS).withDefault('count'),
};

/** What the URL says about the errors view alone. */
export function useErrorsUrl() {
  return useQueryStates(PARAMETERS, { history: 'push', shallow: true, clearOnDefault: true });
}
