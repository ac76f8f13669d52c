import { arrayLiteral } from '../../../lib/generated-literal.ts';
import { fieldOf } from '../../../log/fields.ts';
import { PAYLOAD_PART_NAMES } from '../../../log/payload.ts';
import type { RecordedRequest, RequestLog } from '../../../log/request-log.ts';
import type { PayloadText } from '../../../log/serialized-payload.ts';
import { payloadText } from '../../payload-text.ts';
import type { SqlValue } from '../sql/sql.ts';
import { isInterned, LOG_COLUMNS, type LogColumn, snakeCase } from './columns.ts';
import { idBytes } from './id-bytes.ts';
import type { Names } from './names.ts';

/** A log and its payload in the form that is sent to the writer thread: cheaper to clone than the log itself. */
export interface InsertRow {
  /** The values in the order of `LOG_COLUMNS`; interned names and the id are still text. */
  readonly values: readonly (string | number | null)[];
  readonly payload: PayloadText | null;
}

export function insertRow({ log, payload }: RecordedRequest): InsertRow {
  return { values: valuesOf(log), payload: payload === null ? null : payloadText(payload) };
}

const valuesOf = arrayLiteral<(log: RequestLog) => InsertRow['values']>(['log'], LOG_COLUMNS.map(encoded));

/** The expression for the value of the column. */
function encoded(name: LogColumn): string {
  const nullSortKey = name === 'organizationId' || name === 'id' ? undefined : fieldOf(name).nullSortKey;
  return nullSortKey === undefined ? `log.${name}` : `log.${name} ?? ${nullSortKey}`;
}

/** Its parameters are `storedValues`. */
export const INSERT_LOG = insertInto('request_logs', LOG_COLUMNS);

/** Its parameters are `storedKey`, then `payloadValues`. */
export const INSERT_PAYLOAD = insertInto('request_log_payloads', [
  'organizationId',
  'id',
  ...PAYLOAD_PART_NAMES,
]);

function insertInto(table: string, columns: readonly string[]): string {
  const marks = columns.map(() => '?').join(', ');
  return `INSERT INTO ${table} (${columns.map(snakeCase).join(', ')}) VALUES (${marks}) ON CONFLICT DO NOTHING`;
}

const ORGANIZATION = LOG_COLUMNS.indexOf('organizationId');
const ID = LOG_COLUMNS.indexOf('id');
const INTERNED = [...LOG_COLUMNS.keys()].filter((i) => isInterned(LOG_COLUMNS[i]!));

/** The values as stored in the table. New names get a number, so call this inside the transaction. */
export function storedValues({ values }: InsertRow, names: Names): SqlValue[] {
  const stored: SqlValue[] = values.slice();
  for (const i of INTERNED) {
    const name = values[i]!;
    if (name !== null) stored[i] = names.numberFor(String(name));
  }
  stored[ID] = idBytes(String(values[ID]));
  return stored;
}

/** The key of the log's payload: the number of its organization and the id. */
export function storedKey(stored: readonly SqlValue[]): SqlValue[] {
  return [stored[ORGANIZATION]!, stored[ID]!];
}

export function payloadValues(payload: PayloadText): SqlValue[] {
  return PAYLOAD_PART_NAMES.map((part) => payload[part]);
}
