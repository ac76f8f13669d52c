import { fieldOf } from '../log/fields.ts';
import { allOf, anyOf, type FieldValue, type Filter } from '../log/filter.ts';
import type { LogWith } from '../log/request-log.ts';
import { classDigitOf, statusClassFilter } from './status-class.ts';

type GroupedField =
  | 'method'
  | 'routePattern'
  | 'statusCode'
  | 'apiKeyId'
  | 'consumerId'
  | 'service'
  | 'endpointType'
  | 'errorType'
  | 'authType'
  | 'host';

/** A property that logs are grouped by. Each log has exactly one value, which may be null. */
interface Dimension {
  readonly description: string;
  /** The field that the value is derived from. */
  readonly field: GroupedField;
  /** The value, from the value of the field; null if the log has none. */
  readonly fromField: (fieldValue: FieldValue) => FieldValue;
  /** The value as text in an answer. */
  readonly textOf: (value: FieldValue) => string | null;
  /** Matches exactly the logs with this value. */
  readonly filterFor: (value: string | null) => Filter;
}

/** Every dimension by its name, declared once. */
export const DIMENSIONS = {
  METHOD: ofField('method'),
  ROUTE_PATTERN: ofField('routePattern'),
  STATUS_CODE: ofField('statusCode'),
  STATUS_CLASS: {
    description: 'Class of the status code, such as `4xx`.',
    field: 'statusCode',
    fromField: (statusCode) => classDigitOf(statusCode as number),
    textOf: (digit) => `${digit}xx`,
    filterFor: statusClassFilter,
  },
  API_KEY_ID: ofField('apiKeyId'),
  CONSUMER_ID: ofField('consumerId'),
  SERVICE: ofField('service'),
  ENDPOINT_TYPE: ofField('endpointType'),
  ERROR_TYPE: ofField('errorType'),
  AUTH_TYPE: ofField('authType'),
  HOST: ofField('host'),
} as const satisfies Readonly<Record<string, Dimension>>;

export type DimensionName = keyof typeof DIMENSIONS;
export const DIMENSION_NAMES = Object.keys(DIMENSIONS) as readonly DimensionName[];

/** The value of one dimension of a group. */
export interface GroupKeyPart {
  readonly dimension: DimensionName;
  readonly value: string | null;
}

/** The value of a log's dimension as text; null if it has none. */
export function dimensionText(name: DimensionName, log: LogWith<GroupedField>): string | null {
  const { field, fromField, textOf } = DIMENSIONS[name];
  return textOf(fromField(log[field]));
}

/** Matches the logs of groups, and possibly others. @param keys the values of each group, in the order of `by`. */
export function groupsFilter(
  by: readonly DimensionName[],
  keys: readonly (readonly (string | null)[])[],
): Filter {
  return allOf(
    by.map((dimension, place) => {
      const filters = [...new Set(keys.map((key) => key[place]!))].map(DIMENSIONS[dimension].filterFor);
      const values = filters.flatMap((filter) => (filter.op === 'eq' ? [filter.value] : []));
      const { field } = DIMENSIONS[dimension];
      return values.length === filters.length ? { op: 'in', field, values } : anyOf(filters);
    }),
  );
}

/** Matches exactly the logs of a group. */
export function groupFilter(key: readonly GroupKeyPart[]): Filter {
  return allOf(key.map(({ dimension, value }) => DIMENSIONS[dimension].filterFor(value)));
}

function ofField(field: GroupedField): Dimension {
  const { kind, description } = fieldOf(field);
  const equals = (value: FieldValue): Filter => ({ op: 'eq', field, value });
  return {
    description,
    field,
    fromField: (value) => value,
    textOf: (value) => (value === null ? null : String(value)),
    filterFor: (value) => {
      if (kind === 'text' || value === null) return equals(value);
      // Text that `textOf` never returns matches no log.
      return /^(0|[1-9]\d*)$/.test(value) ? equals(Number(value)) : anyOf([]);
    },
  };
}
