import { objectLiteral } from '../../../lib/generated-literal.ts';
import { fieldOf, LOG_FIELDS, type LogField } from '../../../log/fields.ts';
import type { RequestLog } from '../../../log/request-log.ts';
import { damaged } from '../errors.ts';
import { raw, type Sql } from '../sql/sql.ts';
import { idFromHex, timeFromHex } from './id-bytes.ts';

/** A column of `request_logs`; there is none for `createdAt`, which is the beginning of the id. */
export type LogColumn = 'organizationId' | 'id' | Exclude<LogField, 'createdAt'>;

const FIELD_COLUMNS = LOG_FIELDS.filter((name) => name !== 'createdAt');

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

/**
 * Selects what `logFromRow` reads: the id, then the column of each field.
 *
 * @param fields all unless given; the others are selected as a constant, which costs next to nothing.
 */
export function columnsOf(fields?: readonly LogField[]): Sql {
  const selected = FIELD_COLUMNS.map((name) => {
    if (fields === undefined || fields.includes(name)) return snakeCase(name);
    // `logFromRow` takes a row without a numeric status code for a damaged one.
    return name === 'statusCode' ? '0' : 'NULL';
  });
  return raw([`lower(hex(id)) AS ${ID_HEX}`, ...selected].join(', '));
}

/** Values of `columnsOf`: the id in hexadecimal digits, then the fields. */
export type LogRow = readonly [idHex: string, ...values: (string | number | null)[]];

/** Gives a name back for its number. @throws RelaylogError UNAVAILABLE if there is none. */
export interface NamesByNumber {
  nameOf(number: number): string;
}

const STATUS_CODE = rowIndexOf('statusCode');

/** @throws RelaylogError UNAVAILABLE for a row that no log could have made. */
export function logFromRow(row: LogRow, organizationId: string, names: NamesByNumber): RequestLog {
  const idHex = row[0];
  if (idHex.length !== 32 || idHex[12] !== '7' || !Number.isInteger(row[STATUS_CODE])) throw damaged();
  return decode(row, idFromHex(idHex), timeFromHex(idHex), organizationId, names);
}

const decode = objectLiteral<
  (row: LogRow, id: string, createdAt: number, organizationId: string, names: NamesByNumber) => RequestLog
>(['row', 'id', 'createdAt', 'organizationId', 'names'], {
  id: 'id',
  organizationId: 'organizationId',
  createdAt: 'createdAt',
  ...Object.fromEntries(FIELD_COLUMNS.map((name) => [name, decoded(name)])),
});

/** The expression that gives a field its value. */
function decoded(name: LogField): string {
  const value = `row[${rowIndexOf(name)}]`;
  const { interned, nullAs } = fieldOf(name);
  if (interned) return `${value} === null ? null : names.nameOf(${value})`;
  return nullAs === undefined ? value : `${value} === ${nullAs} ? null : ${value}`;
}

function rowIndexOf(name: LogField): number {
  return 1 + FIELD_COLUMNS.indexOf(name as (typeof FIELD_COLUMNS)[number]);
}
