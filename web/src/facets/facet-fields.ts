import { FIELD_LABELS } from '../fields/field-labels.ts';
import type { QueryField } from '../filter/edit-query.ts';

/** The facets in the order in which they are shown, with what their values are called in the plural. */
const PLURALS = {
  statusCode: 'status codes',
  routePattern: 'routes',
  method: 'methods',
  consumerId: 'consumers',
  apiKeyId: 'API keys',
  errorType: 'error types',
  service: 'services',
} as const;

type FacetName = keyof typeof PLURALS;

/** A field whose values are listed with their counts. */
export interface FacetField {
  readonly field: FacetName;
  readonly title: string;
  /** Names the values in a search. */
  readonly plural: string;
}

/** In the order in which they are shown. Status codes are listed below their classes. */
export const FACET_FIELDS: readonly FacetField[] = (Object.keys(PLURALS) as FacetName[]).map((field) => ({
  field,
  title: FIELD_LABELS[field],
  plural: PLURALS[field],
}));

/** How many values a facet shows at first. */
export const fewValues = (field: QueryField): number => (field === 'statusCode' ? 12 : 8);

/** How many values a facet shows at most. */
export const MOST_VALUES = 50;

/** The fields whose conditions a facet sets. */
export const fieldsOf = (field: QueryField): readonly QueryField[] =>
  field === 'statusCode' ? ['statusClass', 'statusCode'] : [field];
