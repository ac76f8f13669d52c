import type { LogField, RequestLog } from '../../../log/request-log.ts';
import { UNKNOWN_DURATION } from '../../../log/sort.ts';
import { damaged } from '../errors.ts';
import { raw, type Sql } from '../sql/sql.ts';
import { idFromHex, timeFromHex } from './id-bytes.ts';

/** Columns of `request_logs` with their SQL types, in the order of their table; `createdAt` is the beginning of the id. */
export const LOG_COLUMNS = {
  organizationId: 'INTEGER NOT NULL',
  id: 'BLOB NOT NULL',
  requestId: 'TEXT NOT NULL',
  method: 'TEXT NOT NULL',
  path: 'TEXT NOT NULL',
  statusCode: 'INTEGER NOT NULL',
  durationMs: 'INTEGER NOT NULL',
  routePattern: 'INTEGER',
  authType: 'TEXT',
  apiKeyId: 'INTEGER',
  apiKeyPrefix: 'TEXT',
  endpointType: 'TEXT',
  errorType: 'TEXT',
  errorDetail: 'TEXT',
  ipAddress: 'TEXT',
  userAgent: 'TEXT',
  billedUnits: 'INTEGER NOT NULL',
  traceId: 'TEXT',
} as const satisfies Record<Exclude<keyof RequestLog, 'createdAt'>, string>;

export type LogColumn = keyof typeof LOG_COLUMNS;
export const LOG_COLUMN_NAMES = Object.keys(LOG_COLUMNS) as readonly LogColumn[];

/** Columns that hold the number of a name (see `Names`). */
export const NAMED_COLUMNS = ['organizationId', 'routePattern', 'apiKeyId'] as const;

export function isNamed(name: string): boolean {
  return NAMED_COLUMNS.some((named) => named === name);
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
 * Selects what `logFromRow` reads: every column but the organization, which who asks knows.
 *
 * @param fields all unless given; in the place of any other there is nothing, which costs next to nothing.
 */
export function columnsOf(fields?: readonly LogField[]): Sql {
  return raw(
    SELECTABLE.map(({ name, sql, unread }) =>
      fields === undefined || name === 'id' || fields.includes(name) ? sql : unread,
    ).join(', '),
  );
}

const SELECTABLE = LOG_COLUMN_NAMES.filter((name) => name !== 'organizationId').map((name) => ({
  name,
  sql: name === 'id' ? `lower(hex(id)) AS ${ID_HEX}` : snakeCase(name),
  // A code that is no number makes a row damaged.
  unread: name === 'statusCode' ? '0' : 'NULL',
}));

type Text = string | null;

/** Values of `columnsOf`. */
export type LogRow = readonly [
  idHex: string,
  requestId: string,
  method: string,
  path: string,
  statusCode: number,
  durationMs: number,
  routePattern: number | null,
  authType: Text,
  apiKeyId: number | null,
  apiKeyPrefix: Text,
  endpointType: Text,
  errorType: Text,
  errorDetail: Text,
  ipAddress: Text,
  userAgent: Text,
  billedUnits: number,
  traceId: Text,
];

/** Gives a name back for its number. @throws RelaylogError UNAVAILABLE where there is none. */
export interface NamesByNumber {
  nameOf(number: number): string;
}

/** @throws RelaylogError UNAVAILABLE for a row that no log could have made. */
export function logFromRow(row: LogRow, organizationId: string, names: NamesByNumber): RequestLog {
  const [idHex, , , , statusCode, durationMs, routePattern, , apiKeyId] = row;
  if (idHex.length !== 32 || idHex[12] !== '7' || !Number.isInteger(statusCode)) throw damaged();
  return {
    id: idFromHex(idHex),
    organizationId,
    createdAt: timeFromHex(idHex),
    requestId: row[1],
    method: row[2],
    path: row[3],
    statusCode,
    durationMs: durationMs === UNKNOWN_DURATION ? null : durationMs,
    routePattern: routePattern === null ? null : names.nameOf(routePattern),
    authType: row[7],
    apiKeyId: apiKeyId === null ? null : names.nameOf(apiKeyId),
    apiKeyPrefix: row[9],
    endpointType: row[10],
    errorType: row[11],
    errorDetail: row[12],
    ipAddress: row[13],
    userAgent: row[14],
    billedUnits: row[15],
    traceId: row[16],
  };
}
