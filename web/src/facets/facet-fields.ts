import type { RequestLogDimension } from '../__generated__/useFacetValuesQuery.graphql';
import type { QueryField } from '../filter/edit-query.ts';

/** A field whose values are listed with their counts. */
export interface FacetField {
  readonly field: QueryField;
  readonly dimension: RequestLogDimension;
  readonly title: string;
  /** Names the values in a search. */
  readonly plural: string;
}

/** The facets in the order in which they are shown. Status codes are listed below their classes. */
export const FACET_FIELDS = [
  { field: 'statusCode', dimension: 'STATUS_CODE', title: 'Status', plural: 'status codes' },
  { field: 'routePattern', dimension: 'ROUTE_PATTERN', title: 'Route', plural: 'routes' },
  { field: 'method', dimension: 'METHOD', title: 'Method', plural: 'methods' },
  { field: 'consumerId', dimension: 'CONSUMER_ID', title: 'Consumer', plural: 'consumers' },
  { field: 'apiKeyId', dimension: 'API_KEY_ID', title: 'API key', plural: 'API keys' },
  { field: 'errorType', dimension: 'ERROR_TYPE', title: 'Error type', plural: 'error types' },
  { field: 'service', dimension: 'SERVICE', title: 'Service', plural: 'services' },
] as const satisfies readonly FacetField[];

export type FacetName = (typeof FACET_FIELDS)[number]['field'];

/** How many values a facet shows at first; as many as `useSharedFacets` reads. */
export const fewValues = (field: QueryField): number => (field === 'statusCode' ? 12 : 8);

/** How many values a facet shows at most. */
export const MOST_VALUES = 50;

/** The fields whose conditions a facet sets. */
export const fieldsOf = (field: QueryField): readonly QueryField[] =>
  field === 'statusCode' ? ['statusClass', 'statusCode'] : [field];
