import { CountedCache } from '../../../lib/counted-cache.ts';
import { objectLiteral } from '../../../lib/generated-literal.ts';
import { fieldOf, type LogField } from '../../../log/fields.ts';
import type { LogQuery } from '../../../log/query.ts';
import type { RequestLog } from '../../../log/request-log.ts';
import { damaged } from '../errors.ts';
import { raw, type Sql } from '../sql/sql.ts';
import { FIELD_COLUMNS, ID_HEX, snakeCase } from './columns.ts';
import { idFromHex, timeFromHex } from './id-bytes.ts';

/** A row as SQLite returns it: the id in hexadecimal digits, then the selected fields. */
export type LogRow = readonly [idHex: string, ...values: (string | number | null)[]];

/** Looks up a name by its number. @throws RelaylogError UNAVAILABLE if the number has no name. */
interface NamesByNumber {
  nameOf(number: number): string;
}

/** Selects and decodes the rows of one selection of fields. */
export interface RowReader {
  /** The columns to select. */
  readonly columns: Sql;
  /**
   * Decodes a row. Fields outside of the selection are null.
   *
   * @throws RelaylogError UNAVAILABLE if the row is damaged.
   */
  toLog(row: LogRow, organizationId: string, names: NamesByNumber): RequestLog;
}

/** Selections come from GraphQL queries, so clients choose them. */
const MAX_READERS = 200;
const readers = new CountedCache<RowReader>({ max: MAX_READERS });

/** The reader of a page: the fields that the query selects, and its sort key. */
export function pageReader({ fields, sort }: Pick<LogQuery, 'fields' | 'sort'>): RowReader {
  if (fields === undefined) return fullReader;
  const key = `${sort},${fields.join()}`;
  const known = readers.get(key);
  if (known !== undefined) return known;
  const reader = rowReader(FIELD_COLUMNS.filter((name) => name === sort || fields.includes(name)));
  readers.set(key, reader);
  return reader;
}

/** The reader of whole logs. */
export const fullReader = rowReader(FIELD_COLUMNS);

function rowReader(selected: readonly LogField[]): RowReader {
  const expressionOf = (name: LogField) =>
    selected.includes(name) ? decodedValue(name, 1 + selected.indexOf(name)) : 'null';
  const decode = objectLiteral<
    (row: LogRow, id: string, createdAt: number, organizationId: string, names: NamesByNumber) => RequestLog
  >(['row', 'id', 'createdAt', 'organizationId', 'names'], {
    id: 'id',
    organizationId: 'organizationId',
    createdAt: 'createdAt',
    ...Object.fromEntries(FIELD_COLUMNS.map((name) => [name, expressionOf(name)])),
  });
  const statusIndex = selected.indexOf('statusCode');
  const isDamaged = (row: LogRow) =>
    row[0].length !== 32 ||
    row[0][12] !== '7' ||
    (statusIndex >= 0 && !Number.isInteger(row[1 + statusIndex]));
  return {
    columns: raw([`lower(hex(id)) AS ${ID_HEX}`, ...selected.map(snakeCase)].join(', ')),
    toLog(row, organizationId, names) {
      if (isDamaged(row)) throw damaged();
      return decode(row, idFromHex(row[0]), timeFromHex(row[0]), organizationId, names);
    },
  };
}

/** The expression of a field's value, read at `index` of the row. */
function decodedValue(name: LogField, index: number): string {
  const value = `row[${index}]`;
  const { interned, nullSortKey } = fieldOf(name);
  if (interned) return `${value} === null ? null : names.nameOf(${value})`;
  return nullSortKey === undefined ? value : `${value} === ${nullSortKey} ? null : ${value}`;
}
