import { fieldOf, LOG_FIELDS, type LogField } from '../../../log/fields.ts';
import { raw, type Sql } from '../sql/sql.ts';

/** A column of `request_logs`; there is none for `createdAt`, which is the beginning of the id. */
export type LogColumn = 'organizationId' | 'id' | Exclude<LogField, 'createdAt'>;

/** The fields that have a column. */
export const FIELD_COLUMNS = LOG_FIELDS.filter((name) => name !== 'createdAt');

export const LOG_COLUMNS: readonly LogColumn[] = ['organizationId', 'id', ...FIELD_COLUMNS];

/** Whether the column holds the number of a name instead of the name (see `Names`). */
export function isInterned(name: LogColumn | 'createdAt'): boolean {
  return name === 'organizationId' || (name !== 'id' && fieldOf(name).interned === true);
}

/** `durationMs` as the database names it: `duration_ms`. */
export function snakeCase(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}

export function column(name: LogColumn): Sql {
  return raw(snakeCase(name));
}

/** The id as 32 hexadecimal digits in lower case: their order is that of the bytes. */
export const ID_HEX = 'id_hex';
