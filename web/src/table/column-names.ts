import type { LogField } from '../../../src/log/fields.ts';
import { FIELD_LABELS } from '../fields/field-labels.ts';

/** A column of the table: a field of a log, by its name in the API. */
export type ColumnName = Exclude<LogField, 'apiKeyPrefix'>;

/** In the order in which columns are offered. */
export const COLUMN_NAMES = Object.keys(FIELD_LABELS).filter(
  (name) => name !== 'apiKeyPrefix',
) as readonly ColumnName[];
